import { expect, test } from 'vitest';
import { readConfig } from './config.js';

const needed = {
  DATABASE_URL: 'postgresql://localhost/xvision',
  NATS_URL: 'nats://localhost:4222',
  XVISION_STORE: '/store',
};

test('listens on loopback and asks for no token there unless told otherwise', () => {
  expect(readConfig(needed)).toMatchObject({ API_HOST: '127.0.0.1', API_PORT: 4680, API_REQUIRE_TOKEN: false });
});

test('a token that could be guessed is refused', () => {
  expect(() => readConfig({ ...needed, API_OPERATOR_TOKEN: 'secret' })).toThrow(/API_OPERATOR_TOKEN/);
});
