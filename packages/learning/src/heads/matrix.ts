/** A dense row-major float64 matrix: small, plain and slow, for references and for the exact solver. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

export function matrix(rows: number, columns: number, values: Float64Array = new Float64Array(rows * columns)): Matrix {
  if (values.length !== rows * columns) throw new RangeError(`${values.length} values for ${rows} x ${columns}`);
  return { rows, columns, values };
}

export function transpose({ rows, columns, values }: Matrix): Matrix {
  const result = matrix(columns, rows);
  for (let i = 0; i < rows; i += 1) {
    for (let j = 0; j < columns; j += 1) result.values[j * rows + i] = values[i * columns + j] ?? 0;
  }
  return result;
}

export function multiply(left: Matrix, right: Matrix): Matrix {
  if (left.columns !== right.rows) throw new RangeError(`${left.columns} columns times ${right.rows} rows`);
  const result = matrix(left.rows, right.columns);
  for (let i = 0; i < left.rows; i += 1) {
    const row = result.values.subarray(i * right.columns, (i + 1) * right.columns);
    for (let k = 0; k < left.columns; k += 1) {
      const factor = left.values[i * left.columns + k] ?? 0;
      if (factor === 0) continue;
      const offset = k * right.columns;
      for (let j = 0; j < row.length; j += 1) row[j] = (row[j] ?? 0) + factor * (right.values[offset + j] ?? 0);
    }
  }
  return result;
}

/** Mean of each column. */
export function columnMeans({ rows, columns, values }: Matrix): Float64Array {
  const means = new Float64Array(columns);
  values.forEach((value, index) => {
    means[index % columns] = (means[index % columns] ?? 0) + value / rows;
  });
  return means;
}

/** A new matrix with each entry computed from the old one, its column and its row. */
export function mapEntries(
  { rows, columns, values }: Matrix,
  entry: (value: number, column: number, row: number) => number,
): Matrix {
  const mapped = values.map((value, index) => entry(value, index % columns, Math.floor(index / columns)));
  return matrix(rows, columns, mapped);
}

/** Softmax of each row. */
export function rowSoftmax(logits: Matrix): Matrix {
  const { rows, columns, values } = logits;
  const result = matrix(rows, columns);
  for (let i = 0; i < rows; i += 1) {
    const row = values.subarray(i * columns, (i + 1) * columns);
    const highest = row.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY);
    const powers = row.map((value) => Math.exp(value - highest));
    const total = powers.reduce((sum, value) => sum + value, 0);
    powers.forEach((power, j) => {
      result.values[i * columns + j] = power / total;
    });
  }
  return result;
}
