import type { Prisma } from './generated/client.js';

/** What a query needs: the catalogue itself or a transaction on it. */
export interface Database {
  readonly prisma: Prisma.TransactionClient;
}

/** What a write that belongs to other writes needs; only a catalogue's `transaction` makes one. */
export interface Transaction extends Database {
  readonly inTransaction: true;
}
