import { destination, type Logger, pino, stdSerializers } from 'pino';

export type { Logger } from 'pino';

export interface LoggerOptions {
  readonly service: string;
  readonly level: string;
  readonly version: string;
}

/** JSON lines on stdout, written before the call returns, so that the last words of a process are not lost. */
export function createLogger({ service, level, version }: LoggerOptions): Logger {
  const stdout = destination({ dest: 1, sync: true });
  // A reader that went away (a closed pipe) is no reason to fail the work in hand.
  stdout.on('error', () => undefined);
  return pino(
    {
      level,
      base: { service, version, pid: process.pid },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      serializers: { err: stdSerializers.errWithCause, error: stdSerializers.errWithCause },
      redact: {
        paths: ['token', 'password', '*.token', '*.password', 'req.headers.authorization'],
        censor: '[secret]',
      },
    },
    stdout,
  );
}
