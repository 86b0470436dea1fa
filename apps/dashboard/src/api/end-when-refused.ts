import type { Response } from 'express';
import { ForbiddenError, UnauthenticatedError } from './failures.js';

const LOOK_AGAIN_MS = 15_000;

/** A stream goes on for hours after its token was looked at: it ends soon after the token expired or was revoked. */
export function endWhenRefused(response: Response, admitted: () => Promise<void>): void {
  const looking = setInterval(() => {
    admitted().catch((error: unknown) => {
      // A database that is away says nothing about the token.
      if (error instanceof UnauthenticatedError || error instanceof ForbiddenError) response.end();
    });
  }, LOOK_AGAIN_MS).unref();
  response.on('close', () => clearInterval(looking));
}
