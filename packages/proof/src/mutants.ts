/** A text that stands once in a file of the product, and what stands there instead. */
export interface Change {
  file: string;
  from: string;
  to: string;
}

/** A known way to get it wrong. The checker must go red for each. */
export interface Mutant {
  name: string;
  changes: readonly Change[];
  /** The faults under which it shows; none: it shows without any. */
  faults: readonly string[];
  /** Rows that are dropped, if more than usual: a kill has to meet a process at work. */
  rows?: number;
  /** Whether the repair makes good what it loses: then it is run with the repair and without. */
  isHealed?: boolean;
}

const chunker = 'services/chunker/src';
const processor = 'services/processor/src';
const imports = 'packages/imports/src';
const transactions = 'packages/feeds/src/transactions';

const kills = (name: string, times: number): string[] =>
  Array.from({ length: times }, () => `${name}-killed`);

/** Chunks that are lost are not made again. */
export const withoutRepair: Change = {
  file: `${chunker}/carry-import.ts`,
  from: 'await parts.readInTurn(() => repair(parts, stalled, feed, signal));',
  to: '',
};

/** A race of a millisecond becomes one that is met: the commit comes later. No fault by itself. */
const slowCommit: Change = {
  file: `${imports}/count-chunks.ts`,
  from: '    if (rows[0]!.isComplete) full.push(one.importNo);',
  to: "    await trx.query('select pg_sleep(0.05)');\n    if (rows[0]!.isComplete) full.push(one.importNo);",
};

export const mutants: readonly Mutant[] = [
  {
    name: 'acknowledged before the commit',
    changes: [
      {
        file: `${processor}/start-processor.ts`,
        from: '    const completed = await handleMessages({ database, feeds, log, signal }, batch);',
        to: `    const completed: number[] = [];
    void handleMessages({ database, feeds, log, signal }, batch).catch(() => {});`,
      },
    ],
    faults: kills('processor', 8),
    rows: 150_000,
    isHealed: true,
  },
  {
    name: 'offsets resolved early',
    changes: [
      {
        file: 'packages/bus/src/kafka-batch.ts',
        from: '  const { batch } = payload;\n',
        to: `  const { batch } = payload;
  payload.resolveOffset(batch.lastOffset());
  await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());\n`,
      },
    ],
    faults: kills('processor', 8),
    rows: 150_000,
    isHealed: true,
  },
  {
    name: 'chunk numbers not unique',
    changes: [
      { file: `${chunker}/send-chunks.ts`, from: 'chunkNo += 1;', to: 'chunkNo = (chunkNo % 50) + 1;' },
    ],
    faults: [],
  },
  {
    name: 'no check of the hash',
    changes: [
      {
        file: 'packages/contracts/src/chunk-header.ts',
        from: 'hashPayload(message.value) !== payloadSha256',
        to: 'payloadSha256.length !== 64',
      },
    ],
    faults: ['chunks-damaged', 'chunks-damaged', 'chunks-damaged'],
  },
  {
    name: 'moved before it is loaded',
    changes: [
      {
        file: `${chunker}/carry-import.ts`,
        from: "while (one.state === 'chunked') {",
        to: "while (one.state === 'held') {",
      },
      {
        file: `${chunker}/carry-import.ts`,
        from: "if (one.state !== 'loaded' && one.state !== 'refused') return;",
        to: '',
      },
    ],
    faults: [],
  },
  {
    name: 'no sweep',
    changes: [
      {
        file: `${chunker}/start-chunker.ts`,
        from: 'const sweep = makeSweep(parts, carry, run);',
        to: 'const sweep = (): Promise<void> => Promise.resolve();',
      },
    ],
    faults: kills('chunker', 10),
  },
  {
    name: 'no repair',
    changes: [withoutRepair],
    faults: ['offsets-skipped', 'topic-deleted', 'offsets-skipped'],
  },
  {
    name: 'completion and reports in one statement',
    changes: [
      {
        file: `${imports}/count-chunks.ts`,
        from: '  const full: number[] = [];',
        to: `  const full: number[] = [];
  const sql = 'select account_id as id from import_accounts where import_no = any($1)';
  const before = await trx.query<{ id: bigint }>(sql, [progress.map((one) => one.importNo)]);`,
      },
      {
        file: `${imports}/count-chunks.ts`,
        from: '  return completed;',
        to: `  await trx.query(
    'delete from reports where import_no = any($1) and account_id is not null and account_id <> all($2)',
    [completed, before.rows.map((row) => row.id)],
  );
  return completed;`,
      },
      slowCommit,
    ],
    faults: ['kafka-delayed', 'processors-come-and-go'],
  },
  {
    name: 'a late manifest overwrites what is loaded',
    changes: [
      {
        file: `${imports}/manifest.ts`,
        from: "set state = case state when 'reading' then 'chunked' else state end,",
        to: "set state = 'chunked',",
      },
      {
        file: `${imports}/manifest.ts`,
        from: "where no = $1 and lease_token = $2 and state in ('reading', 'stopped') and chunks_sent is null",
        to: 'where no = $1 and $2::uuid is not null',
      },
      {
        // Nobody completes twice.
        file: `${imports}/manifest.ts`,
        from: `returning state = 'chunked' and chunks_loaded = chunks_sent as "isComplete"`,
        to: `returning loaded_at is null and chunks_loaded = chunks_sent as "isComplete"`,
      },
      {
        // Else a chunker that lost its lease gives up before it comes so far.
        file: `${chunker}/carry-import.ts`,
        from: 'if (!(await renewLease(database, importNo, token))) abort();',
        to: 'await renewLease(database, importNo, token);',
      },
    ],
    faults: ['chunker-frozen', 'chunker-frozen', 'chunker-frozen'],
    rows: 150_000,
  },
  {
    name: 'sums of all rows after some were not inserted',
    changes: [
      {
        file: 'packages/ledger/src/post-transactions.ts',
        from: '  await addSums(trx, sumRows(inserted));',
        to: '  await addSums(trx, sumRows(sorted));',
      },
    ],
    faults: [],
  },
  {
    name: 'account ids cached before the commit',
    changes: [
      {
        file: 'packages/ledger/src/open-accounts.ts',
        from: 'export async function openAccounts(\n  database: Database,\n  openings: readonly AccountOpening[],\n): Promise<Map<string, KnownAccount>> {\n',
        to: `const cache = new Map<string, KnownAccount>();

export function openAccounts(
  pool: Database,
  openings: readonly AccountOpening[],
): Promise<Map<string, KnownAccount>> {
  if (openings.every((one) => cache.has(one.numberHash))) return Promise.resolve(cache);
  return pool.withTransaction(async (trx) => {
    const opened = await openInside({ ...pool, query: (sql, parameters) => trx.query(sql, parameters as unknown[]) }, openings);
    for (const [hash, account] of opened) cache.set(hash, account);
    await trx.query('select pg_sleep(1)');
    return opened;
  });
}

async function openInside(
  database: Database,
  openings: readonly AccountOpening[],
): Promise<Map<string, KnownAccount>> {
`,
      },
    ],
    faults: Array.from({ length: 8 }, () => 'sessions-terminated'),
  },
  {
    name: 'counts with two writers',
    changes: [
      {
        file: `${imports}/manifest.ts`,
        from: 'chunks_sent = $3, rows_read = $4, rows_invalid = $5,',
        to: 'chunks_sent = $3, rows_read = $4, rows_invalid = $5, rows_posted = 0, rows_duplicate = 0,',
      },
    ],
    faults: [],
  },
  {
    name: 'months of different years added up',
    changes: [
      {
        file: `${transactions}/statement-months.ts`,
        from: 'const name = calendar.monthOf(occurredAt);',
        to: 'const name = `2021${calendar.monthOf(occurredAt).slice(4)}`;',
      },
    ],
    faults: [],
  },
  {
    name: 'closing balance of a later moment',
    changes: [
      {
        file: `${transactions}/reports-due.ts`,
        from: "'closing', a.balance_minor::text",
        to: "'closing', (a.balance_minor - i.debit_sum_minor)::text",
      },
    ],
    faults: [],
  },
  {
    name: 'the dropped file is read instead of the copy',
    changes: [
      {
        file: `${chunker}/carry-import.ts`,
        from: 'if (drop) return join(claimedFolder(parts.folders), drop.copyName);',
        // Its turn to be read must come later than it is replaced.
        to: `if (drop) {
    await waitFor(3_000, new AbortController().signal);
    return drop.path;
  }`,
      },
    ],
    faults: kills('chunker', 2),
  },
  {
    name: "an account number in a fault's text",
    changes: [
      {
        file: `${transactions}/row-reader.ts`,
        from: 'const id = readId(cells[places.operation_id]!);',
        to: `const read = readId(cells[places.operation_id]!);
          const id = typeof read === 'string' ? read : { ...read, message: read.message + cells[0] };`,
      },
    ],
    faults: [],
  },
  {
    name: 'chunks that are loaded are loaded again',
    changes: [
      {
        file: `${imports}/count-chunks.ts`,
        from: 'fresh: chunks.filter((_, at) => fresh.has(at)),',
        to: 'fresh: [...chunks],',
      },
      // What comes again must come while its import is open.
      {
        file: `${imports}/count-chunks.ts`,
        from: '  const { rows: claimed } = await',
        to: "  await trx.query('select pg_sleep(1)');\n  const { rows: claimed } = await",
      },
    ],
    faults: Array.from({ length: 4 }, () => 'chunks-again'),
    rows: 150_000,
  },
];
