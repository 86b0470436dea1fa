import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The live service of the U.S. National Library of Medicine. */
export const OPENI_ORIGIN = 'https://openi.nlm.nih.gov';

/** The address must not be visited: not an allowed host, or a public name that leads into a private network. */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
}

/**
 * Checks one address before it is visited, and again for each redirect. Only the live service and the configured base URL are
 * ever visited; a private or loopback address only where a person configured it as the base URL.
 */
export function checkAddress(address: string, baseUrl: string): URL {
  const url = new URL(address);
  const configured = new URL(baseUrl).origin;
  if (url.username !== '' || url.password !== '') {
    throw new ForbiddenAddressError(`${url.origin} is not visited with a user name in its address`);
  }
  if (url.origin !== OPENI_ORIGIN && url.origin !== configured) {
    throw new ForbiddenAddressError(
      `${url.origin} is not visited: only ${OPENI_ORIGIN} and the configured ${configured} are`,
    );
  }
  return url;
}

/**
 * Whether connections to this host must end at public addresses. The base URL that a person configured may be anywhere;
 * the live service's name may not, whoever answers for it.
 */
export function mustBePublic(hostname: string, baseUrl: string): boolean {
  const configured = new URL(baseUrl);
  return configured.origin === OPENI_ORIGIN || configured.hostname !== hostname;
}

/** True for addresses that anyone on the internet may have: not private, loopback, link-local, multicast or reserved. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

/**
 * Name resolution that gives a socket only checked addresses. The socket connects to the very address checked here (pinned), so a name
 * that changes its answer in between gains nothing.
 */
export function publicLookup(baseUrl: string): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, []);
      const bad = addresses.find(({ address }) => mustBePublic(hostname, baseUrl) && !isPublicAddress(address));
      if (bad !== undefined) {
        return callback(
          new ForbiddenAddressError(`${hostname} leads to ${bad.address}, which is no public address`),
          [],
        );
      }
      const [first] = addresses;
      if (options.all === true || first === undefined) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}
