import { closeSync, existsSync, openSync, readSync, statSync, truncateSync } from 'node:fs';

/** At a start a longer log is emptied: it holds starts, stops and crashes, and nobody rotates it. */
const LOG_BYTES_MAX = 10 * 1024 * 1024;
/** What is read of it to explain a failure. */
const TAIL_BYTES = 8 * 1024;
const LINES_QUOTED = 5;

/** Opens the log for appending. @returns its descriptor and where this start's lines begin */
export function openLog(path: string): { file: number; beginsAt: number } {
  if (existsSync(path) && statSync(path).size > LOG_BYTES_MAX) truncateSync(path);
  return { file: openSync(path, 'a', 0o600), beginsAt: existsSync(path) ? statSync(path).size : 0 };
}

/** The last of what was logged since. */
export function readLog(path: string, beginsAt: number): string {
  const from = Math.max(beginsAt, statSync(path).size - TAIL_BYTES);
  const buffer = Buffer.alloc(TAIL_BYTES);
  const file = openSync(path, 'r');
  try {
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, TAIL_BYTES, from));
  } finally {
    closeSync(file);
  }
}

/** One sentence of what failed, with the way out where the output shows one, and else with its last lines. */
export function explainOutput(what: string, output: string, data: string): string {
  if (/No space left on device|Disk quota exceeded/i.test(output)) {
    return `${what}: the disk of ${data} is full; make room and start again.`;
  }
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return `${what}. Its last lines: ${lines.slice(-LINES_QUOTED).join(' | ') || '(none)'}`;
}
