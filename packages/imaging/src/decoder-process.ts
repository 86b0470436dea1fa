import type { DecodeReply, DecodeRequest } from './decoder-messages.js';
import { decodeGreyValues } from './grey-values.js';
import { prepareImage } from './prepare.js';
import { UnfitImageError } from './unfit-image-error.js';

/**
 * The child of a decoder pool: one image in, one answer out. It is a process of its own so that a decoder that crashes,
 * hangs or eats memory takes this process with it and not the service. It ends with its parent.
 */
process.on('message', (request: DecodeRequest) => {
  void answer(request).then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the parent drains first and then closes the channel.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

async function answer(request: DecodeRequest): Promise<DecodeReply> {
  try {
    if (request.work === 'grey values') {
      return { kind: 'grey values', grey: await decodeGreyValues(request.bytes, request.options) };
    }
    return { kind: 'prepared', prepared: await prepareImage(request.bytes, request.options) };
  } catch (cause) {
    if (cause instanceof UnfitImageError) return { kind: 'unfit', reason: cause.reason, message: cause.message };
    return { kind: 'fault', message: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) };
  }
}
