import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { openDatabase, type Database } from '@passbook/database';
import { makePoster } from '@passbook/ledger';
import { makeZoneClock } from '@passbook/runtime';
import { migrateDatabase } from '@passbook/service';
import { callForSeconds, type Calling, type Measured } from './call-for-seconds.js';
import { moveOverHttp } from './move-over-http.js';
import { runPgbench } from './run-pgbench.js';
import type { Values } from './samples.js';
import type { Servers } from './servers.js';

/** Transfers between wallets, with so many callers at once, who each wait for their answer. */
export const transferSpans = {
  pgbench: '1,000 transfers, pgbench, one by one',
  pgbenchSlowest: 'a transfer, pgbench, 99th percentile',
  ledger: '1,000 transfers, the ledger',
  ledgerSlowest: 'a transfer, the ledger, 99th percentile',
  http: '1,000 transfers, over HTTP',
  httpSlowest: 'a transfer, over HTTP, 99th percentile',
} as const;

/** Wallets that hardly ever meet, and hot ones. */
export const walletCounts = [1_000, 10];

/** The scene of so many wallets. */
export const nameTransfers = (accounts: number): string =>
  `transfers, ${accounts.toLocaleString('en-US')} wallets`;

const CALLERS = 32;
const SECONDS = 10;
const WALLET_MINOR = 1_000_000_000;

/**
 * Transfers by the ledger, and by its API, beside those that pgbench makes one by one, by lean SQL on the same tables of the
 * same server (yardstick-transfers.sql).
 * @param accounts fewer of them wait for one another more often
 */
export async function measureTransfers(servers: Servers, root: string, accounts: number): Promise<Values> {
  const { postgres, closers } = servers;
  const name = `bench_transfers_${randomUUID().slice(0, 8)}`;
  await postgres.create(name, null);
  const url = postgres.url(name);
  const database = openDatabase({ url, applicationName: 'bench' });
  try {
    await migrateDatabase(database);
    await database.query(await readFile(new URL('../yardstick-transfers.sql', import.meta.url), 'utf8'));
    await database.query(
      `with c as (insert into clients (name) values ('bench') returning id)
       insert into accounts (client_id, currency, min_balance_minor, balance_minor)
       select id, 'USD', 0, $2 from c, generate_series(1, $1)`,
      [accounts, WALLET_MINOR],
    );
    await postgres.calm();
    const calling = { callers: CALLERS, seconds: SECONDS, accounts };
    const byPgbench = await runPgbench(closers, url, calling);
    await postgres.calm();
    const byLedger = await moveByLedger(database, calling);
    await postgres.calm();
    const overHttp = await moveOverHttp(closers, root, url, calling);
    return {
      [transferSpans.pgbench]: secondsOfThousand(byPgbench),
      [transferSpans.pgbenchSlowest]: slowest(byPgbench),
      [transferSpans.ledger]: secondsOfThousand(byLedger),
      [transferSpans.ledgerSlowest]: slowest(byLedger),
      [transferSpans.http]: secondsOfThousand(overHttp),
      [transferSpans.httpSlowest]: slowest(overHttp),
    };
  } finally {
    await database.close();
    if (!closers.isClosing()) await postgres.drop(name);
  }
}

async function moveByLedger(database: Database, calling: Calling): Promise<Measured> {
  const poster = makePoster(database, { clock: makeZoneClock('UTC') });
  const measured = await callForSeconds(calling, async (from, to) => {
    const outcome = await poster.post({
      ...{ kind: 'transfer', amountMinor: 1n, currency: 'USD', occurredAt: null, refusalsKept: 'all' },
      ...{ caller: 'bench', key: randomUUID(), requestHash: Buffer.alloc(32), transferId: randomUUID() },
      ...{ fromAccountId: BigInt(from), toAccountId: BigInt(to) },
    });
    if (outcome.status !== 'posted') throw new Error(`A transfer was ${outcome.status}.`);
  });
  await poster.stop();
  return measured;
}

function secondsOfThousand({ latenciesMs, seconds }: Measured): number {
  return (seconds / latenciesMs.length) * 1_000;
}

/** Seconds that only one of a hundred takes longer than. */
function slowest({ latenciesMs }: Measured): number {
  const sorted = [...latenciesMs].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.99)]! / 1_000;
}
