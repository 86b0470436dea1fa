/** The element types that heads and checkpoints use, by safetensors' names for them. */
export type SavedArray = Float32Array | Float64Array;

export interface SavedTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: SavedArray;
}

/** A tensor whose values are made when their turn to be written comes: in order, in as many arrays as they are made in. */
export interface DeferredTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: 'F32' | 'F64';
  readonly pieces: () => Promise<readonly SavedArray[]> | readonly SavedArray[];
}

/** All values of a tensor in one array. */
export async function valuesOf({ name, dims, type, pieces }: DeferredTensor): Promise<SavedArray> {
  const made = await pieces();
  assertComplete({ name, dims, type }, made);
  const [first] = made;
  if (first !== undefined && made.length === 1) return first;
  const all = type === 'F64' ? new Float64Array(sizeOf(dims)) : new Float32Array(sizeOf(dims));
  let place = 0;
  for (const piece of made) {
    all.set(piece, place);
    place += piece.length;
  }
  return all;
}

const BYTES = { F32: 4, F64: 8 } as const;
const LENGTH_BYTES = 8;

/** The bytes are not a safetensors file, or were cut or altered. */
export class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError';
}

/**
 * A safetensors file (https://huggingface.co/docs/safetensors) piece by piece, so that a large head is never in memory as a
 * whole. Tensors in the given order; the same tensors give the same bytes.
 */
export async function* writeSafetensors(tensors: readonly DeferredTensor[]): AsyncGenerator<Uint8Array> {
  let offset = 0;
  const entries = tensors.map(({ name, dims, type }) => {
    const size = sizeOf(dims) * BYTES[type];
    const entry = [name, { dtype: type, shape: dims, data_offsets: [offset, offset + size] }] as const;
    offset += size;
    return entry;
  });
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const padded = Buffer.alloc(Math.ceil(json.length / LENGTH_BYTES) * LENGTH_BYTES, ' ');
  json.copy(padded);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(padded.length));
  yield length;
  yield padded;
  for (const { name, dims, type, pieces } of tensors) {
    const made = await pieces();
    assertComplete({ name, dims, type }, made);
    for (const { buffer, byteOffset, byteLength } of made) yield new Uint8Array(buffer, byteOffset, byteLength);
  }
}

function assertComplete({ name, dims, type }: Omit<DeferredTensor, 'pieces'>, pieces: readonly SavedArray[]): void {
  const count = pieces.reduce((sum, { length }) => sum + length, 0);
  if (count !== sizeOf(dims)) throw new RangeError(`${name}: ${count} values for [${dims.join(', ')}]`);
  if (pieces.some((piece) => (piece instanceof Float64Array ? 'F64' : 'F32') !== type)) {
    throw new TypeError(`${name} is not ${type}`);
  }
}

/** The same in memory, for small files such as checkpoints. */
export async function safetensorsBytes(tensors: readonly SavedTensor[]): Promise<Uint8Array> {
  const deferred = tensors.map(({ name, dims, values }): DeferredTensor => {
    return { name, dims, type: values instanceof Float64Array ? 'F64' : 'F32', pieces: () => [values] };
  });
  const pieces: Uint8Array[] = [];
  for await (const piece of writeSafetensors(deferred)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Reads a file; the values are views of its bytes wherever these are aligned. Throws {@link DamagedFileError}. */
export function readSafetensors(bytes: Uint8Array): Map<string, SavedTensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.byteLength < LENGTH_BYTES ? Number.NaN : Number(view.getBigUint64(0, true));
  const start = LENGTH_BYTES + length;
  if (!(start <= bytes.byteLength)) throw new DamagedFileError('the file is shorter than its own header says');
  const header = parseHeader(Buffer.from(bytes.buffer, bytes.byteOffset + LENGTH_BYTES, length).toString());
  return new Map(
    Object.entries(header).map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const count = sizeOf(shape);
        if (to - from !== count * BYTES[dtype] || start + to > bytes.byteLength) {
          throw new DamagedFileError(`tensor ${name} does not fit the file`);
        }
        return [name, { name, dims: shape, values: viewOf(bytes, { from: start + from, count, dtype }) }];
      },
    ),
  );
}

interface HeaderEntry {
  readonly dtype: keyof typeof BYTES;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

function parseHeader(text: string): Record<string, HeaderEntry> {
  try {
    const header = JSON.parse(text) as Record<string, HeaderEntry>;
    for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(header)) {
      if (!(dtype in BYTES) || !Array.isArray(shape) || offsets.length !== 2) throw new Error(`entry ${name}`);
    }
    return header;
  } catch (error) {
    throw new DamagedFileError('the header of the file cannot be read', { cause: error });
  }
}

function viewOf(
  bytes: Uint8Array,
  { from, count, dtype }: { from: number; count: number; dtype: keyof typeof BYTES },
): SavedArray {
  const size = BYTES[dtype];
  const aligned = (bytes.byteOffset + from) % size === 0;
  const buffer = aligned ? bytes.buffer : bytes.slice(from, from + count * size).buffer;
  const offset = aligned ? bytes.byteOffset + from : 0;
  return dtype === 'F64' ? new Float64Array(buffer, offset, count) : new Float32Array(buffer, offset, count);
}

function sizeOf(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}
