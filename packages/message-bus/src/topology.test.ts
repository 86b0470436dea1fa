import { everyEvent } from '@xvision/contracts';
import { describe, expect, test } from 'vitest';
import { streamOf, topology } from './topology.js';
import { consumerSettings, differences, streamSettings } from './topology-settings.js';

describe('topology', () => {
  test('every event that services exchange is stored by a stream', () => {
    for (const { subject } of everyEvent) expect(streamOf(subject)).toMatch(/^XV_/);
  });

  test('a subject that no stream takes is told, not lost', () => {
    expect(() => streamOf('xv.unheard.of.v1')).toThrow('no stream stores xv.unheard.of.v1');
  });

  test('each consumer filters one subject of its own stream', () => {
    for (const { name, consumers } of topology.filter((one) => one.name !== 'XV_ADVISORIES')) {
      for (const { filter } of consumers) {
        expect(filter).not.toMatch(/[*>]/);
        expect(streamOf(filter ?? '')).toBe(name);
      }
    }
  });

  test('every service of the pipeline has its consumers', () => {
    expect(topology.flatMap(({ name, consumers }) => consumers.map(({ durable }) => `${name}/${durable}`))).toEqual([
      'XV_IMAGES/preprocessor',
      'XV_PREPARED/extractor',
      'XV_RUNS/scraper',
      'XV_RUNS/trainer',
      'XV_RUNS/evaluator',
      'XV_RUNS/studies',
      'XV_MODELS/evaluator',
      'XV_ADVISORIES/relay',
    ]);
  });

  test('no consumer asks for a backoff, which would override the time to acknowledge', () => {
    for (const consumer of topology.flatMap((one) => one.consumers)) {
      expect(Object.keys(consumerSettings(consumer))).not.toContain('backoff');
    }
  });

  test('a setting that the broker holds otherwise is named with both values', () => {
    const [stream] = topology;
    if (stream === undefined) throw new Error('the topology is empty');
    const asked = streamSettings(stream, { replicas: 3 });

    expect(differences(asked, { ...asked, num_replicas: 1, allow_atomic: undefined })).toEqual([
      'num_replicas is 1, asked for 3',
      'allow_atomic is undefined, asked for true',
    ]);
  });
});
