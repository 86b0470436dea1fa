import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunReport, runReportSchema } from '@xvision/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labelsFromManifest } from './collections.js';
import { shared, startTestStack, type TestStack } from './test-stack.js';
import { xvisionJson } from './xvision.js';

const IMAGES = 200;

interface Effects {
  readonly report: unknown;
  readonly features: unknown;
  readonly scores: unknown;
  readonly model: unknown;
}

/** Everything a run leaves in the catalogue that does not depend on when it ran. */
async function effectsOf({ query }: TestStack, report: RunReport): Promise<Effects> {
  return {
    report: { ...report, run: undefined, model: undefined },
    features: await query('SELECT prepared_sha256, feature_sha256 FROM feature ORDER BY 1'),
    scores: await query(
      'SELECT i.external_id, s.fold, s.probabilities FROM test_score s JOIN image i ON i.id = s.image_id ORDER BY 1, s.repeat',
    ),
    model: await query('SELECT sha256, dataset_sha256 FROM model'),
  };
}

describe.skipIf(shared === undefined)('killing services', () => {
  let undisturbed: TestStack;
  let disturbed: TestStack;
  const open: TestStack[] = [];
  const images = path.join(shared ?? '', 'data', 'jsrt128', 'images');

  const runOn = async (stack: TestStack) => {
    const manifest = path.join(shared ?? '', 'data', 'jsrt128', 'manifest.csv');
    const labels = await labelsFromManifest(manifest, path.join(stack.folder, 'labels.csv'), IMAGES);
    const given = ['run', '--source', 'folder', '--path', images, '--labels', labels, '--task', 'nodule'];
    return runReportSchema.parse(await xvisionJson(given, stack));
  };

  /** Waits for a moment in the middle of the run; fails when the run has gone past it. */
  const until = async (sql: string, what: string) => {
    for (;;) {
      // The database is one of the things that are killed.
      const [row] = await disturbed.query<{ now: boolean; over: boolean }>(sql).catch(() => []);
      if (row?.over === true) throw new Error(`the run went past "${what}" before it could be disturbed`);
      if (row?.now === true) return;
      await sleep(20);
    }
  };

  beforeAll(async () => {
    // The two exact graphs differ in the last bits, so both stacks take the same one.
    const serviceEnvironment = { ENGINE: 'onnx-cpu' };
    undisturbed = await startTestStack({ serviceEnvironment });
    open.push(undisturbed);
    disturbed = await startTestStack({ serviceEnvironment });
    open.push(disturbed);
  });
  afterAll(async () => {
    for (const stack of open) await stack[Symbol.asyncDispose]();
  });

  test('each service killed once with SIGKILL in the middle of a run over 200 images leaves the same catalogue', async () => {
    const expected = await effectsOf(undisturbed, await runOn(undisturbed));

    const running = runOn(disturbed);
    const { stack } = disturbed;
    const kill = (name: Parameters<typeof stack.service>[0]) => stack.service(name).kill('SIGKILL');
    const count = (table: string, from: number) =>
      `SELECT count(*) >= ${from} AS now, count(*) >= ${IMAGES} AS over FROM ${table}`;
    const disturb = async () => {
      await until(count('image', 1), 'collecting');
      kill('scraper');
      await until(count('prepared_image', 10), 'preparing');
      kill('preprocessor');
      await until(count('feature', 15), 'extracting');
      kill('extractor');
      kill('relay');
      await until(count('feature', 60), 'extracting');
      await stack.broker.crash();
      await until(count('feature', 90), 'extracting');
      await stack.database.crash();
      await until(
        "SELECT bool_or(state = 'training') AS now, bool_or(state IN ('trained', 'evaluated')) AS over FROM run",
        'training',
      );
      kill('trainer');
      await until(
        "SELECT bool_or(state = 'trained') AS now, bool_or(state = 'evaluated') AS over FROM run",
        'evaluating',
      );
      kill('evaluator');
    };
    const [report] = await Promise.all([running, disturb()]);

    for (const name of ['scraper', 'preprocessor', 'extractor', 'relay', 'trainer', 'evaluator'] as const) {
      expect(stack.service(name).restarts, name).toBeGreaterThanOrEqual(1);
    }
    expect(await effectsOf(disturbed, report)).toEqual(expected);
    expect(await disturbed.query('SELECT * FROM dead_letter')).toEqual([]);
  });

  test('the API killed while a person watches comes back by itself', async () => {
    const { stack } = disturbed;
    stack.service('dashboard').kill('SIGKILL');

    await expect
      .poll(
        () =>
          fetch(`${stack.record.apiUrl}/openapi.json`).then(
            (answer) => answer.ok,
            () => false,
          ),
        { timeout: 30_000 },
      )
      .toBe(true);

    expect(stack.service('dashboard').restarts).toBe(1);
  });
});
