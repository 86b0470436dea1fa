const MASK = (1n << 64n) - 1n;
const SMALLEST = 8;
/** From this many entries on a dictionary doubles instead of growing fourfold. */
const LARGE = 50_000;

/**
 * The order in which CPython 2 walks a dictionary with these keys, inserted one after the other: by the hash of the
 * text and the collisions on the way. The seed project's sets were slices of lists in this order, which is why they
 * can be rebuilt at all. ASCII keys only.
 */
export function pythonDictOrder(keys: readonly string[]): string[] {
  let table = emptyTable(SMALLEST);
  let used = 0;
  for (const key of new Set(keys)) {
    insert(table, key);
    used += 1;
    if (used * 3 < table.length * 2) continue;
    let size = SMALLEST;
    while (size <= used * (used > LARGE ? 2 : 4)) size *= 2;
    const grown = emptyTable(size);
    for (const held of table) if (held !== undefined) insert(grown, held);
    table = grown;
  }
  return table.filter((key) => key !== undefined);
}

function emptyTable(size: number): (string | undefined)[] {
  return Array.from({ length: size }, () => undefined);
}

function insert(table: (string | undefined)[], key: string): void {
  const mask = BigInt(table.length - 1);
  let perturb = stringHash(key);
  let slot = perturb;
  while (table[Number(slot & mask)] !== undefined) {
    slot = (slot * 5n + perturb + 1n) & MASK;
    perturb >>= 5n;
  }
  table[Number(slot & mask)] = key;
}

/** CPython 2's string hash on a 64-bit machine without randomisation. */
function stringHash(text: string): bigint {
  if (text === '') return 0n;
  let hash = BigInt(text.charCodeAt(0)) << 7n;
  for (let i = 0; i < text.length; i += 1) hash = ((hash * 1_000_003n) & MASK) ^ BigInt(text.charCodeAt(i));
  return hash ^ BigInt(text.length);
}
