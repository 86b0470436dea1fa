/** A small uncompressed DICOM file with a person's name in it, for tests: explicit VR, little endian, 8-bit MONOCHROME2. */
export function aDicomFile({
  patientId,
  view = 'PA',
  side = 64,
}: {
  patientId: string;
  view?: string;
  side?: number;
}): Buffer {
  const pixels = Buffer.from(Uint8Array.from({ length: side * side }, (_, at) => (at * 7) % 251));
  const meta = element(0x0002, 0x0010, { vr: 'UI', value: '1.2.840.10008.1.2.1' });
  const body = [
    element(0x0008, 0x0060, { vr: 'CS', value: 'CR' }),
    element(0x0010, 0x0010, { vr: 'PN', value: 'SECRET^NAME' }),
    element(0x0010, 0x0020, { vr: 'LO', value: patientId }),
    element(0x0018, 0x5101, { vr: 'CS', value: view }),
    element(0x0028, 0x0002, { vr: 'US', value: 1 }),
    element(0x0028, 0x0004, { vr: 'CS', value: 'MONOCHROME2' }),
    element(0x0028, 0x0010, { vr: 'US', value: side }),
    element(0x0028, 0x0011, { vr: 'US', value: side }),
    element(0x0028, 0x0100, { vr: 'US', value: 8 }),
    element(0x0028, 0x0101, { vr: 'US', value: 8 }),
    element(0x0028, 0x0102, { vr: 'US', value: 7 }),
    element(0x0028, 0x0103, { vr: 'US', value: 0 }),
    element(0x7fe0, 0x0010, { vr: 'OB', value: pixels }),
  ];
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), meta, ...body]);
}

function element(
  group: number,
  number: number,
  { vr, value }: { vr: string; value: string | number | Buffer },
): Buffer {
  const bytes = bytesOf(value);
  const long = vr === 'OB';
  const header = Buffer.alloc(long ? 12 : 8);
  header.writeUInt16LE(group, 0);
  header.writeUInt16LE(number, 2);
  header.write(vr, 4, 'latin1');
  if (long) header.writeUInt32LE(bytes.length, 8);
  else header.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([header, bytes]);
}

function bytesOf(value: string | number | Buffer): Buffer {
  if (Buffer.isBuffer(value)) return value;
  if (typeof value === 'number') return Buffer.from([value & 0xff, value >> 8]);
  return Buffer.from(value.length % 2 === 0 ? value : `${value} `, 'latin1');
}
