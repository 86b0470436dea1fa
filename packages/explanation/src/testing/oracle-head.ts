import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sharedFolder } from '@xvision/testing';
import type { HeadNetwork } from '../head-network.js';

/** Where the reference values of an independent implementation are. */
export const oracleFolder = path.join(sharedFolder() ?? '', 'oracles', 'explanations');

/** The float16 value that these two bytes hold (IEEE 754 binary16). */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

export function readOracleTensors(file: string): Map<string, Float32Array> {
  const bytes = readFileSync(path.join(oracleFolder, file));
  const length = Number(bytes.readBigUInt64LE(0));
  const header: Record<string, { dtype: string; data_offsets: [number, number] }> = JSON.parse(
    bytes.subarray(8, 8 + length).toString('utf8'),
  );
  const data = bytes.subarray(8 + length);
  return new Map(
    Object.entries(header)
      .filter(([name]) => name !== '__metadata__')
      .map(([name, { dtype, data_offsets }]) => {
        const part = data.subarray(...data_offsets);
        const values =
          dtype === 'F32'
            ? Float32Array.from({ length: part.length / 4 }, (_, index) => part.readFloatLE(index * 4))
            : Float32Array.from({ length: part.length / 2 }, (_, index) => fromHalf(part.readUInt16LE(index * 2)));
        return [name, values];
      }),
  );
}

function readHead(): HeadNetwork {
  const tensors = readOracleTensors('cam-head-float16.safetensors');
  const get = (name: string) => tensors.get(name) ?? new Float32Array();
  return {
    firstWeights: get('dense1.weight'),
    secondWeights: get('dense2.weight'),
    outputWeights: get('dense3.weight'),
    outputBias: get('dense3.bias'),
    firstGain: get('bn1.scale'),
    firstShift: get('bn1.shift'),
    firstMean: get('bn1.mean'),
    firstVariance: get('bn1.variance'),
    secondGain: get('bn2.scale'),
    secondShift: get('bn2.shift'),
    secondMean: get('bn2.mean'),
    secondVariance: get('bn2.variance'),
  };
}

/** 13 million weights are decoded once. */
let decoded: HeadNetwork | undefined;

/** The fixed trained head that the reference values are of. */
export const oracleHead = (): HeadNetwork => (decoded ??= readHead());
