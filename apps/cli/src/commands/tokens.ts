import { type ApiToken, apiTokenSchema, newApiTokenSchema } from '@xvision/contracts';
import { type Command, Option } from 'commander';
import type { Context } from '../context.js';
import { positiveInteger } from '../options.js';
import { table } from '../output.js';
import { withApi } from '../with-api.js';

interface CreateOptions {
  readonly name: string;
  readonly role: 'viewer' | 'operator';
  readonly days?: number;
}

export function stateOf({ expiresAt, revokedAt }: ApiToken, now: number): string {
  if (revokedAt !== null) return `revoked ${revokedAt}`;
  if (expiresAt === null) return 'valid until revoked';
  return Date.parse(expiresAt) <= now ? `expired ${expiresAt}` : `valid until ${expiresAt}`;
}

export function addTokens(program: Command, context: Context): void {
  const tokens = program
    .command('token')
    .description('who may ask the API where it listens beyond this machine')
    .addHelpText('after', '\nExample:\n  xvision token create --name reader --role viewer --days 30');

  tokens
    .command('create')
    .description('make a token; it is shown once, only its hash is kept')
    .requiredOption('--name <name>', 'who will use it')
    .addOption(
      new Option('--role <role>', 'a viewer reads, an operator acts').choices(['viewer', 'operator']).default('viewer'),
    )
    .option('--days <n>', 'days until it is no longer taken; without it until it is revoked', positiveInteger)
    .addHelpText('after', '\nExample:\n  xvision token create --name reader --role viewer --days 30')
    .action((options: CreateOptions) =>
      withApi(context, async (api) => {
        context.output.result(await api.post('/api/tokens', options, newApiTokenSchema), ({ token, name, role }) =>
          [token, '', `Token of ${name}, ${role}. Keep it now: it is not shown again.`].join('\n'),
        );
      }),
    );

  tokens
    .command('list')
    .description('every token, newest first')
    .addHelpText('after', '\nExample:\n  xvision token list')
    .action(() =>
      withApi(context, async (api) => {
        const all: ApiToken[] = [];
        for await (const token of api.all('/api/tokens', apiTokenSchema)) all.push(token);
        context.output.result(all, (shown) =>
          table(
            ['token', 'name', 'role', 'state'],
            shown.map((one) => [one.id, one.name, one.role, stateOf(one, Date.now())]),
          ),
        );
      }),
    );

  tokens
    .command('revoke')
    .description('a token is no longer taken')
    .argument('<id>', 'see "xvision token list"')
    .addHelpText('after', '\nExample:\n  xvision token revoke 0199c7e2-6f6e-7000-8000-000000000000')
    .action((id: string) =>
      withApi(context, async (api) => {
        context.output.result(
          await api.delete(`/api/tokens/${id}`, apiTokenSchema),
          ({ name }) => `${name} is revoked`,
        );
      }),
    );
}
