/** `http://creativecommons.org/licenses/by-nc-nd/4.0/` → kind `by-nc-nd`, version `4.0`. */
const CREATIVE_COMMONS = /creativecommons\.org\/(licenses|publicdomain)\/([a-z-]+)\/(\d\.\d)/;

/** The licence of a record as an SPDX name where it has one, otherwise as the source wrote it; undefined when it says none. */
export function licenceOf(record: {
  readonly licenseURL?: string | null | undefined;
  readonly ccLicense?: string | null | undefined;
}): string | undefined {
  const address = record.licenseURL?.trim() ?? '';
  const [, family, kind, version] = CREATIVE_COMMONS.exec(address.toLowerCase()) ?? [];
  if (kind !== undefined && version !== undefined) {
    return family === 'publicdomain' ? `CC0-${version}` : `CC-${kind.toUpperCase()}-${version}`;
  }
  if (address !== '') return address;
  const short = record.ccLicense?.trim() ?? '';
  return short === '' ? undefined : short;
}
