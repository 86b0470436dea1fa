import getPort from 'get-port';

/**
 * A port of the loopback interface that nobody listened on a moment ago, and that this process was not given lately: the
 * system hands the same one out twice. Another program may take it meanwhile.
 */
export function freePort(): Promise<number> {
  return getPort({ host: '127.0.0.1' });
}
