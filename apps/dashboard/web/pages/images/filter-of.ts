/** The parameters of the address that the API's list of images takes. */
const NAMES = [
  'collection',
  'source',
  'run',
  'label',
  'split',
  'outcome',
  'predicted',
  'leastUncertainty',
  'mostUncertainty',
  'view',
  'stage',
  'licence',
  'quality',
  'search',
  'sort',
];

/** As a query, in one order, so that the same filter is the same query. */
export function filterOf(address: URL): string {
  const query = new URLSearchParams();
  for (const name of NAMES) {
    const value = address.searchParams.get(name);
    if (value !== null && value !== '') query.set(name, value);
  }
  return query.toString();
}
