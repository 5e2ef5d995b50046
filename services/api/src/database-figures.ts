import type { Database } from '@passbook/database';
import { listStaleImports, readImportFigures } from '@passbook/imports';
import { readEventRelayLag } from '@passbook/ledger';
import { countDeliveryStates } from '@passbook/mail';
import { Gauge, type Registry } from 'prom-client';

/** What the database knows, as figures that are read anew for each answer. docs/exactly-once.md says what to watch. */
export function makeDatabaseFigures(metrics: Registry): { read(database: Database): Promise<void> } {
  const registers = [metrics];
  /** Those without labels: a reset alone would tell them as 0. */
  const plain: Gauge[] = [];
  const gauge = (name: string, help: string, labelNames: string[] = []): Gauge => {
    const made = new Gauge({ name: `passbook_${name}`, help, labelNames, registers });
    if (labelNames.length === 0) plain.push(made);
    return made;
  };
  const up = gauge('database_up', '1 when the database answered; 0: what it knows is not told');
  const known = {
    imports: gauge('imports', 'Imports by state', ['state']),
    staleImports: gauge('imports_stale', 'Imports that are stopped, or have not come further for a minute'),
    rows: gauge('rows', 'Rows of loaded files by outcome, since the first', ['outcome']),
    reportsDue: gauge('reports_due', 'Statements and indexes that are not written yet'),
    deadLetters: gauge('dead_letters_open', 'Messages that could not be handled and that nobody has settled'),
    deliveries: gauge('deliveries', 'Mails by state', ['state']),
    eventsBehind: gauge('events_behind', 'Events that are not published yet, counted up to 100,000'),
    eventsBehindSeconds: gauge('events_behind_seconds', 'Age of the oldest event that is not published yet'),
    transactionSeconds: gauge('oldest_transaction_seconds', 'Age of the oldest transaction of the database'),
  };
  const readAll = async (database: Database): Promise<void> => {
    const [figures, stale, lag, deliveries, transactionSeconds] = await Promise.all([
      readImportFigures(database),
      listStaleImports(database),
      readEventRelayLag(database),
      countDeliveryStates(database),
      readOldestTransactionSeconds(database),
    ]);
    for (const { state, count } of figures.imports) known.imports.set({ state }, count);
    known.staleImports.set(stale.length);
    known.rows.set({ outcome: 'posted' }, figures.rowsPosted);
    known.rows.set({ outcome: 'duplicate' }, figures.rowsDuplicate);
    known.rows.set({ outcome: 'quarantined' }, figures.rowsQuarantined);
    known.reportsDue.set(figures.reportsDue);
    known.deadLetters.set(figures.deadLettersOpen);
    for (const { state, count } of deliveries) known.deliveries.set({ state }, Number(count));
    known.transactionSeconds.set(transactionSeconds);
    // Where nobody is told over Kafka, nothing is behind.
    known.eventsBehind.set(lag?.events ?? 0);
    known.eventsBehindSeconds.set(lag?.seconds ?? 0);
  };
  return {
    async read(database) {
      // What is not known now is not told as it was: a state that has nothing any more, and all without a database.
      for (const one of Object.values(known)) one.reset();
      for (const one of plain) one.remove();
      try {
        await readAll(database);
        up.set(1);
      } catch {
        // That it does not answer is what is told.
        up.set(0);
      }
    },
  };
}

async function readOldestTransactionSeconds(database: Database): Promise<number> {
  const { rows } = await database.query<{ seconds: number }>(
    `select coalesce(extract(epoch from max(clock_timestamp() - xact_start)), 0)::float8 as seconds
     from pg_stat_activity where datname = current_database() and backend_type = 'client backend'`,
  );
  return rows[0]!.seconds;
}
