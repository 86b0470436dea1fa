/** Version 1.0 of NumPy's format: magic, version, then the header's length. */
const PREAMBLE = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);

/** The data start at a multiple of this many bytes. */
const ALIGNMENT = 64;

/**
 * The start of a NumPy `.npy` file that holds a C-ordered little-endian float32 matrix; the values follow as they are.
 * Source: NEP 1, "A simple file format for NumPy arrays".
 */
export function npyHeader([rows, columns]: readonly [number, number]): Buffer {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const unpadded = PREAMBLE.length + 2 + header.length + 1;
  const text = `${header}${' '.repeat((ALIGNMENT - (unpadded % ALIGNMENT)) % ALIGNMENT)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(text.length);
  return Buffer.concat([PREAMBLE, length, Buffer.from(text, 'latin1')]);
}

/** A square map as a `.npy` file. */
export function npyOf({ side, values }: { readonly side: number; readonly values: Float32Array }): Buffer {
  const littleEndian = Buffer.alloc(values.length * Float32Array.BYTES_PER_ELEMENT);
  for (const [index, value] of values.entries())
    littleEndian.writeFloatLE(value, index * Float32Array.BYTES_PER_ELEMENT);
  return Buffer.concat([npyHeader([side, side]), littleEndian]);
}
