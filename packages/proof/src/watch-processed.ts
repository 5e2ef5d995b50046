import { watch } from 'node:fs';
import { basename } from 'node:path';
import { openDatabase } from '@passbook/database';

/** Looks at the database whenever a file moves into processed/: its import must be loaded by then. */
export interface ProcessedWatch {
  /** How many moves were seen, and how many of them while the database was there to be asked. */
  seen(): { moves: number; asked: number };
  findings(): string[];
  /** Resolves when every move is looked at. May be called twice. */
  stop(): Promise<void>;
}

export function watchProcessed(folder: string, databaseUrl: string): ProcessedWatch {
  const database = openDatabase({ url: databaseUrl, applicationName: 'proof', connectionsMax: 4 });
  const known = new Set<string>();
  const asking = new Set<Promise<void>>();
  const findings: string[] = [];
  let asked = 0;
  const ask = async (name: string): Promise<void> => {
    const { rows } = await database.query<{ state: string }>(
      `select i.state from drops d join imports i on i.no = d.import_no where d.final_name = $1 and d.refusal is null`,
      [name],
    );
    asked += 1;
    if (!rows.some((row) => row.state === 'loaded'))
      findings.push(`${name} was moved to processed/ while its import was ${rows[0]?.state ?? 'not there'}.`);
  };
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    watcher.close();
    await Promise.all(asking);
    await database.close();
  };
  const watcher = watch(folder, (_event, name) => {
    if (name === null || name.startsWith('.') || name.endsWith('.receipt.json') || known.has(name)) return;
    known.add(basename(name));
    // The database may be dead just now: then nobody can tell.
    const one = ask(name).catch(() => {});
    asking.add(one);
    void one.finally(() => asking.delete(one));
  });
  return {
    seen: () => ({ moves: known.size, asked }),
    findings: () => findings,
    stop: () => (stopped ??= stop()),
  };
}
