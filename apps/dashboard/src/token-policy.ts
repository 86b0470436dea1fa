import { countApiTokens, type Database, recordApiToken } from '@xvision/catalogue';
import { tokenHash } from './api/authority.js';
import type { Config } from './config.js';

/** Listening to others without knowing who asks would hand everything to everybody. */
export class OpenWithoutTokenError extends Error {
  override readonly name = 'OpenWithoutTokenError';
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/;

/**
 * Decides whether tokens are asked for: always, unless only loopback is listened on.
 * Throws {@link OpenWithoutTokenError} when tokens are needed and there is none.
 */
export async function chooseAuthentication(
  db: Database,
  config: Pick<Config, 'API_HOST' | 'API_REQUIRE_TOKEN' | 'API_OPERATOR_TOKEN'>,
): Promise<'none' | 'token'> {
  const { API_HOST: host, API_OPERATOR_TOKEN: token } = config;
  if (token !== undefined) {
    await recordApiToken(db, { name: 'operator of the environment', role: 'operator', sha256: tokenHash(token) });
  }
  if (LOOPBACK.test(host) && !config.API_REQUIRE_TOKEN) return 'none';
  if ((await countApiTokens(db)) > 0) return 'token';
  throw new OpenWithoutTokenError(
    `refusing to listen on ${host}: there is no API token yet, so everybody would be let in. Set API_OPERATOR_TOKEN (32 characters or more), make one with "xvision token create" while it listens on loopback, or listen on 127.0.0.1`,
  );
}
