#!/usr/bin/env node
import { existsSync } from 'node:fs';

const entry = new URL('../dist/main.js', import.meta.url);
if (existsSync(entry)) {
  await import(entry.href);
} else {
  console.error('xvision is not built yet. In the project folder run: npm ci && npm run build');
  process.exitCode = 1;
}
