import { expect, test } from 'vitest';
import { titleOf } from './arrival.js';

test.each([
  ['/', 'Overview · Xvision'],
  ['/runs', 'Runs · Xvision'],
  ['/runs/01995b5e-0000-7000-8000-000000abcdef', 'Runs, 00abcdef · Xvision'],
  ['/runs/compare', 'Runs, compare · Xvision'],
  ['/tasks/nodule', 'Tasks, nodule · Xvision'],
  ['/dead-letters', 'Dead letters · Xvision'],
  ['/nowhere', 'Xvision'],
])('the title at %s is "%s"', (pathname, title) => {
  expect(titleOf(pathname)).toBe(title);
});
