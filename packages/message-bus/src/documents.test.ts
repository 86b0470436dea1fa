import { createRequire } from 'node:module';
import path from 'node:path';
import { everyEvent } from '@xvision/contracts';
import { projectRoot } from '@xvision/testing';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { asyncApiDocument } from './asyncapi-document.js';
import { eventsMarkdown } from './events-document.js';

const require = createRequire(import.meta.url);
const docs = path.join(projectRoot(), 'docs');

/** What a reference inside a document points at; undefined when it points at nothing. */
function resolve(document: unknown, reference: string): unknown {
  let at = document;
  for (const name of reference.replace(/^#\//, '').split('/')) at = (at as Record<string, unknown> | undefined)?.[name];
  return at;
}

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
  );
}

describe('docs/events.md', () => {
  test('says what the code says (write it anew with -u)', async () => {
    await expect(eventsMarkdown()).toMatchFileSnapshot(path.join(docs, 'events.md'));
  });

  test('names every event', () => {
    for (const { subject, summary } of everyEvent) {
      expect(eventsMarkdown()).toContain(`### \`${subject}\`\n\n${summary}`);
    }
  });
});

describe('docs/events.asyncapi.yaml', () => {
  const text = stringify(asyncApiDocument(), { lineWidth: 120, aliasDuplicateObjects: false });

  test('says what the code says (write it anew with -u)', async () => {
    await expect(text).toMatchFileSnapshot(path.join(docs, 'events.asyncapi.yaml'));
  });

  test('is a valid AsyncAPI 3.0 document and every reference in it points at something', () => {
    const document: unknown = parse(text);
    const schema = require('@asyncapi/specs/schemas/3.0.0.json') as object;
    const validate = new Ajv({ strict: false, validateFormats: false, meta: false, validateSchema: false }).compile(
      schema,
    );

    expect(validate(document) ? [] : validate.errors).toEqual([]);
    expect(references(document).length).toBeGreaterThan(everyEvent.length);
    for (const reference of references(document)) expect(resolve(document, reference)).toBeDefined();
  });
});
