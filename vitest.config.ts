import { defineConfig } from 'vitest/config';

/** The suffix of a test file says what it needs: nothing, a real server, or the built services (docs/decisions). */
const everywhere = ['packages/*/src/**', 'apps/*/src/**', 'apps/*/web/**', 'test/src/**'];
const exclude = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: everywhere.map((folder) => `${folder}/*.test.ts`),
          exclude: [...exclude, '**/*.{int,e2e,gpu,data}.test.ts'],
        },
      },
      {
        test: {
          name: 'integration',
          sequence: { groupOrder: 1 },
          include: everywhere.map((folder) => `${folder}/*.{int,data,gpu}.test.ts`),
          exclude,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'e2e',
          sequence: { groupOrder: 2 },
          include: ['test/src/**/*.e2e.test.ts'],
          exclude,
          // What a page or a service comes to is waited for as a person would, however busy the machine is.
          expect: { poll: { timeout: 30_000 } },
          testTimeout: 1_200_000,
          hookTimeout: 900_000,
          fileParallelism: false,
          maxWorkers: 1,
        },
      },
    ],
  },
});
