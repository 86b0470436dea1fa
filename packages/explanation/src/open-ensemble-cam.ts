import type { HeadNetwork } from './head-network.js';
import { type Cam, type CamRequest, openCam } from './open-cam.js';

/**
 * Explains the mean logit of an ensemble's networks: maps and gradients are the means of the networks' own, and what
 * speaks against the target is cut away after the mean. One network is an ensemble of one.
 */
export async function openEnsembleCam(
  networks: readonly HeadNetwork[],
  options: { threads?: number } = {},
): Promise<Cam> {
  if (networks.length === 0) throw new RangeError('a head without networks cannot be explained');
  const members: Cam[] = [];
  const close = async () => {
    await Promise.all(members.map((member) => member[Symbol.asyncDispose]()));
  };
  try {
    for (const network of networks) members.push(await openCam(network, options));
  } catch (error) {
    await close();
    throw error;
  }
  const mean = async (one: (member: Cam) => Promise<Float32Array>): Promise<Float32Array> => {
    let sum: Float32Array | undefined;
    for (const member of members) {
      const values = await one(member);
      sum = sum === undefined ? values : sum.map((value, index) => value + (values[index] ?? 0));
    }
    return (sum ?? new Float32Array()).map((value) => value / members.length);
  };
  return {
    map: async (method, request: CamRequest) => {
      const map = await mean((member) => member.map(method, { ...request, rectify: false }));
      return (request.rectify ?? true) ? map.map((value) => Math.max(0, value)) : map;
    },
    score: (request) => mean((member) => member.score(request)),
    gradient: (request) => mean((member) => member.gradient(request)),
    [Symbol.asyncDispose]: close,
  };
}
