import type { RequestOf, Study, StudyKind, StudyRequest } from '@xvision/contracts';
import { type Page, send, useResource } from './request.js';

/** Studies about a run or model, newest first, watched while one of them is being answered. */
export const useStudiesAbout = (about: string) => useStudies(`about=${about}`);
/** Of a kind, whatever they are about. */
export const useStudiesOf = (kind: StudyKind) => useStudies(`kind=${kind}`);

const useStudies = (filter: string) =>
  useResource<Page<Study>>(`/api/studies?${filter}&limit=100`, { whileOpen: ({ items }) => items.some(isOpen) });

export const isOpen = ({ state }: Study): boolean => state === 'requested' || state === 'running';

export const askStudy = (asked: StudyRequest): Promise<Study> => send('POST', '/api/studies', asked);

/** The audit of a run; its verdict rests on every finished examination of an external set as well. */
export function auditRequest(run: string, studies: readonly Study[]): RequestOf<'audit'> {
  const externals = studies.filter(({ kind, state }) => kind === 'external' && state === 'done').map(({ id }) => id);
  return { kind: 'audit', about: run, ...(externals.length === 0 ? {} : { externals }) };
}

/** The same collections are the same question, whatever their order. */
export const parityRequest = (collections: readonly string[]): RequestOf<'parity'> => ({
  kind: 'parity',
  collections: collections.toSorted(),
});
