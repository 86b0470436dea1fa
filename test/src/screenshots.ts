import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startSimulator } from '@xvision/openi';
import { projectRoot } from '@xvision/testing';
import sharp from 'sharp';
import { browserPath, openBrowser } from './browser.js';
import { leaveDeadLetter, pagesOf } from './pages.js';
import { startTestStack } from './test-stack.js';
import { xvisionJson } from './xvision.js';

/** How a page is looked at: `npm run screenshots` makes docs/images/<page>-<look>.webp of each. */
const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 860 } },
  narrow: { colorScheme: 'light', viewport: { width: 420, height: 860 } },
} as const;

const QUALITY = 82;

if (browserPath === undefined) {
  throw new Error('no Chromium was found: install it (apt-get install chromium), or name it in CHROMIUM');
}
const folder = path.join(projectRoot(), 'docs', 'images');
await mkdir(folder, { recursive: true });
await using simulator = await startSimulator({ patients: 60, seed: 7, imageSize: 512 });
await using stack = await startTestStack({ serviceEnvironment: { OPENI_URL: simulator.url } });
await xvisionJson(['run', '--source', 'openi', '--task', 'nodule', '--cv', '3'], stack);
await xvisionJson(['train', '--task', 'nodule', '--cv', '3', '--head', 'logistic'], stack);
await leaveDeadLetter(stack, 'the decoder gave up: the picture ends in the middle of a row');

const browser = await openBrowser();
try {
  for (const [look, options] of Object.entries(LOOKS)) {
    const page = await browser.newPage(options);
    for (const [name, address] of await pagesOf(stack)) {
      await page.goto(stack.stack.record.apiUrl + address, { waitUntil: 'load' });
      await page.waitForSelector('h1');
      await page.waitForFunction(() => !document.body.innerText.includes('Waiting for'));
      await page.waitForFunction(() =>
        [...document.images].every((one) => one.complete || one.getBoundingClientRect().top > window.innerHeight),
      );
      const picture = await sharp(await page.screenshot())
        .webp({ quality: QUALITY })
        .toBuffer();
      await writeFile(path.join(folder, `${name}-${look}.webp`), picture);
      process.stderr.write(`${name}-${look}.webp\n`);
    }
    await page.close();
  }
} finally {
  await browser.close();
}
