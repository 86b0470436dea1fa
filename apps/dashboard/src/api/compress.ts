import compression from 'compression';
import type { RequestHandler, Response } from 'express';

/** Below this, packing costs a processor more than the network saves: the usual list and detail stay as they are. */
const LEAST_BYTES = 32_000;
/** Most of what zlib's own level 6 saves, for half of its time. */
const LEVEL = 4;

/** Long text goes out packed to whoever takes it so; pictures, parts of files and streams never do. */
export function compressAnswers(): RequestHandler {
  return compression({
    threshold: LEAST_BYTES,
    level: LEVEL,
    filter: (request, response) => isWholeText(response) && compression.filter(request, response),
  });
}

/** A strong ETag promises the very bytes, and a part is counted in them; server-sent events have to leave at once. */
function isWholeText(response: Response): boolean {
  if (String(response.getHeader('Content-Type')).startsWith('text/event-stream')) return false;
  if (response.hasHeader('Content-Range')) return false;
  return !String(response.getHeader('ETag') ?? '').startsWith('"');
}
