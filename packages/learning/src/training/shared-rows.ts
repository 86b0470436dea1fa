/** Feature rows that every training thread reads without a copy; row-major float32. */
export interface SharedRows {
  readonly values: Float32Array<SharedArrayBuffer>;
  readonly count: number;
  readonly width: number;
}

/** Room for feature rows, all zero until filled through {@link setRow}. */
export function sharedRows(count: number, width: number): SharedRows {
  return { values: sharedFloats(count * width), count, width };
}

/** Fills one row. Throws when its length is wrong or a value is not a finite number; `name` says whose row it is. */
export function setRow(
  rows: SharedRows,
  index: number,
  { values, name }: { values: Float32Array; name: string },
): void {
  if (values.length !== rows.width) {
    throw new RangeError(`the feature row of ${name} has ${values.length} values instead of ${rows.width}`);
  }
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new RangeError(`the feature row of ${name} holds ${values[wrong]} at ${wrong}: extract its features again`);
  }
  rows.values.set(values, index * rows.width);
}

function sharedFloats(size: number): Float32Array<SharedArrayBuffer> {
  return new Float32Array(new SharedArrayBuffer(size * Float32Array.BYTES_PER_ELEMENT));
}

/** The rows at these indices as memory of this thread. */
export function gatherRows({ values, width }: SharedRows, indices: Int32Array): Float32Array<ArrayBuffer> {
  const gathered = new Float32Array(indices.length * width);
  indices.forEach((index, row) => {
    gathered.set(values.subarray(index * width, (index + 1) * width), row * width);
  });
  return gathered;
}

/** The entries of a square matrix at these rows and columns. */
export function submatrix(
  { values, width }: SharedRows,
  rows: Int32Array,
  columns: Int32Array,
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(rows.length * columns.length);
  let place = 0;
  for (const row of rows) {
    const offset = row * width;
    for (const column of columns) {
      result[place] = values[offset + column] ?? 0;
      place += 1;
    }
  }
  return result;
}
