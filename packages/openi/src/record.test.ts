import { describe, expect, test } from 'vitest';
import { licenceOf } from './licence.js';
import { recordFromApi, recordsFromDump } from './record.js';
import { guessView } from './view.js';

describe('recordFromApi', () => {
  const base = { uid: 'CXR10', image: {}, MeSH: { major: [] }, synthetic: false };

  test('the patient is the CXR number of the image address', () => {
    const record = recordFromApi(
      { ...base, uid: 'other', imgLarge: '/imgs/512/10/10/CXR10_IM-0002-1001.png' },
      'https://host',
    );

    expect(record).toMatchObject({ patient: 'CXR10', imageUrl: 'https://host/imgs/512/10/10/CXR10_IM-0002-1001.png' });
  });

  test('the report is plain text', () => {
    const abstract = '<p><b>Findings: </b>Clear &amp; normal.</p><p><b>Impression: </b>Normal.</p>';

    const record = recordFromApi({ ...base, imgLarge: '/a.png', abstract }, 'https://host');

    expect(record).toMatchObject({ report: 'Findings: Clear & normal.\nImpression: Normal.' });
  });

  test('an image address that begins with two slashes names no other host', () => {
    const record = recordFromApi({ ...base, imgLarge: '//imgs/512/CXR1_IM-0001-1001.png' }, 'https://host');

    expect(record).toMatchObject({ imageUrl: 'https://host/imgs/512/CXR1_IM-0001-1001.png' });
  });
});

describe('recordsFromDump', () => {
  test('the place of an image in its examination is its order in the file', () => {
    const img = (name: string): string => `https://openi.nlm.nih.gov//imgs/512/10/10/${name}.png`;

    const records = recordsFromDump([
      { id: '1', items: ['normal'], img: img('CXR10_IM-0002-1001') },
      { id: '2', items: ['normal'], img: img('CXR10_IM-0002-2001') },
      { id: '3', items: ['Nodule/lung'], img: img('CXR11_IM-0003-2002') },
    ]);

    expect(records.map(({ externalId, patient, view }) => [externalId, patient, view])).toEqual([
      ['1', 'CXR10', 'frontal'],
      ['2', 'CXR10', 'lateral'],
      ['3', 'CXR11', 'frontal'],
    ]);
    expect(records[2]).toMatchObject({ mesh: ['Nodule/lung'], licence: 'CC-BY-NC-ND-4.0', synthetic: false });
  });
});

test.each([
  ['F1', 'CXR10_IM-0002-1001', 'frontal'],
  ['F2', 'CXR10_IM-0002-2001', 'lateral'],
  ['F2', 'CXR10_IM-0002-4004', 'frontal'],
  ['F2', 'CXR1_1_IM-0001-4001', 'unknown'],
  ['F1', 'CXR11_IM-0003-2002', 'frontal'],
  ['F1', 'CXR9_IM-0002-0001-0002', 'unknown'],
  ['F3', 'CXR10_IM-0002-3001', 'unknown'],
  [undefined, 'scan', 'unknown'],
])('image %s named %s is taken for %s', (place, name, view) => {
  expect(guessView({ place, name })).toBe(view);
});

test.each([
  [{ licenseURL: 'http://creativecommons.org/licenses/by-nc-nd/4.0/', ccLicense: 'byncnd' }, 'CC-BY-NC-ND-4.0'],
  [{ licenseURL: 'https://creativecommons.org/publicdomain/zero/1.0/' }, 'CC0-1.0'],
  [{ licenseURL: 'https://example.org/terms' }, 'https://example.org/terms'],
  [{ licenseURL: '', ccLicense: 'byncnd' }, 'byncnd'],
  [{ licenseURL: null }, undefined],
])('the licence of %o is %s', (record, licence) => {
  expect(licenceOf(record)).toBe(licence);
});
