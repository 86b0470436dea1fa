import { float32Of, OnnxGraph, openSession, tensor } from '@xvision/engines';
import type { Pair } from '@xvision/learning';

/** Rows that are multiplied at a time: bounds the products to a few MB. */
const BLOCK = 256;

/** Scales each row to length one, in place; a row of zeros stays. */
export function normaliseRow(row: Float32Array): void {
  let squares = 0;
  for (const value of row) squares += value * value;
  const length = Math.sqrt(squares);
  if (length > 0) for (const [index, value] of row.entries()) row[index] = value / length;
}

/** Every pair of rows of length one whose cosine is at least `least`, of those that `mayLeak`. */
export async function nearRows(
  rows: { readonly values: Float32Array; readonly width: number },
  { least, mayLeak }: { least: number; mayLeak: (first: number, second: number) => boolean },
): Promise<(Pair & { cosine: number })[]> {
  const { values, width } = rows;
  const count = values.length / width;
  await using session = await openSession(productGraph(), { arena: false });
  const block = (start: number) => {
    const size = Math.min(BLOCK, count - start);
    return { size, rows: tensor('float32', [size, width], values.subarray(start * width, (start + size) * width)) };
  };
  const found: (Pair & { cosine: number })[] = [];
  for (let top = 0; top < count; top += BLOCK) {
    for (let left = top; left < count; left += BLOCK) {
      const [one, other] = [block(top), block(left)];
      const cosines = float32Of(await session.run({ one: one.rows, other: other.rows }), 'cosines');
      for (const [index, cosine] of cosines.entries()) {
        const first = top + Math.floor(index / other.size);
        const second = left + (index % other.size);
        if (cosine >= least && first < second && mayLeak(first, second)) found.push({ first, second, cosine });
      }
    }
  }
  return found;
}

function productGraph(): Uint8Array {
  const graph = new OnnxGraph('cosines');
  const one = graph.input('one', 'float32', ['a', 'd']);
  const other = graph.input('other', 'float32', ['b', 'd']);
  const products = graph.node('Gemm', [one, other], { transB: 1 });
  graph.output(products, 'float32', { dims: ['a', 'b'], as: 'cosines' });
  return graph.encode();
}
