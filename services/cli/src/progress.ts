import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Database } from '@passbook/database';
import { countDueReports, readImport } from '@passbook/imports';
import { countDeliveries } from '@passbook/mail';
import { waitFor } from '@passbook/runtime';
import { Presets, SingleBar } from 'cli-progress';

const LOOK_EVERY_MS = 200;

/** Where nobody watches a bar move, a line is enough now and then. */
const LINE_EVERY_MS = 10_000;

/** Shows how far a file is: a bar on a terminal, lines elsewhere. All of it on stderr. */
export interface Progress {
  begin(path: string): Promise<void>;
  /** Told by the chunker. */
  read: (importNo: number | null, bytes: number) => void;
  /** Looks at the import until the signal aborts. */
  follow(database: Database, signal: AbortSignal): Promise<void>;
  say(sentence: string): void;
  end(): void;
}

interface Phase {
  name: 'copying' | 'reading' | 'loading' | 'reports' | 'mails';
  done: number;
  total: number;
}

export function makeProgress(): Progress {
  const show = process.stderr.isTTY ? makeBar() : makeLines();
  let file = '';
  let sizeBytes = 0;
  let importNo: number | null = null;
  let reportsTotal = 0;
  const look = async (database: Database): Promise<void> => {
    if (importNo === null) return;
    const { state, chunksSent, chunksLoaded } = await readImport(database, importNo);
    if (state === 'chunked')
      show.phase(file, { name: 'loading', done: chunksLoaded, total: chunksSent ?? chunksLoaded });
    if (state !== 'loaded') return;
    const due = await countDueReports(database, importNo);
    reportsTotal = Math.max(reportsTotal, due);
    const counts = (await countDeliveries(database, [importNo])).get(importNo);
    if (due > 0 || !counts)
      return show.phase(file, { name: 'reports', done: reportsTotal - due, total: reportsTotal });
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    show.phase(file, { name: 'mails', done: total - (counts.due ?? 0) - (counts.sending ?? 0), total });
  };
  return {
    async begin(path) {
      file = basename(path);
      sizeBytes = (await stat(path)).size;
      importNo = null;
      reportsTotal = 0;
      show.phase(file, { name: 'copying', done: 0, total: sizeBytes });
    },
    read(no, bytes) {
      importNo = no;
      show.phase(file, { name: no === null ? 'copying' : 'reading', done: bytes, total: sizeBytes });
    },
    async follow(database, signal) {
      while (!signal.aborted) {
        await waitFor(LOOK_EVERY_MS, signal);
        // The work itself tells when the database is away; the bar then only stands still.
        if (!signal.aborted) await look(database).catch(() => {});
      }
    },
    say: (sentence) => show.say(sentence),
    end: () => show.end(),
  };
}

interface Show {
  phase(file: string, phase: Phase): void;
  say(sentence: string): void;
  end(): void;
}

function makeBar(): Show {
  let bar: SingleBar | null = null;
  const end = (): void => {
    bar?.stop();
    bar = null;
  };
  return {
    phase(file, { name, done, total }) {
      if (!bar) {
        bar = new SingleBar(
          {
            format: '{file}  {bar} {percentage} %  {phase}',
            clearOnComplete: true,
            hideCursor: true,
            stream: process.stderr,
          },
          Presets.shades_classic,
        );
        bar.start(total, 0, { file, phase: name });
      }
      bar.setTotal(Math.max(total, 1));
      bar.update(done, { file, phase: name });
    },
    say(sentence) {
      end();
      process.stderr.write(`${sentence}\n`);
    },
    end,
  };
}

function makeLines(): Show {
  let lastPhase = '';
  let lastAtMs = 0;
  const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);
  return {
    phase(file, { name, done, total }) {
      const now = performance.now();
      if (`${file} ${name}` === lastPhase && now - lastAtMs < LINE_EVERY_MS) return;
      lastPhase = `${file} ${name}`;
      lastAtMs = now;
      const percent = total > 0 ? ` ${Math.floor((done / total) * 100)} %` : '';
      say(`${file}: ${name}${done > 0 ? percent : ''}`);
    },
    say,
    end: () => {
      lastPhase = '';
    },
  };
}
