import { writeReportFile } from './write-report-file.js';

/** While the disk is at one file, the next one is rendered: more at once bring nothing, and hold memory. */
const FILES_AT_ONCE = 8;

/** Room for the page of a hundred transactions, twice over. What is longer gets bytes of its own. */
const LENT_BYTES = 128 * 1024;

/** Characters of a string are at most so long in UTF-8. */
const BYTES_PER_CHARACTER = 3;

/** Takes the text of a file, and resolves when there is room for the next. @throws what an earlier file failed with */
export type WriteReport = (path: string, text: string) => Promise<void>;

/**
 * Lends a writer of many small files. When this resolves all of them are there; when it throws, too, none is being written
 * any more.
 */
export async function withReportWriter(work: (write: WriteReport) => Promise<void>): Promise<void> {
  const writing: Promise<void>[] = [];
  const spare: Buffer[] = [];
  const writeText = async (path: string, text: string): Promise<void> => {
    if (text.length * BYTES_PER_CHARACTER > LENT_BYTES) return writeReportFile(path, Buffer.from(text));
    const lent = spare.pop() ?? Buffer.allocUnsafeSlow(LENT_BYTES);
    // Encoded at once: as a string it would be kept, piece by piece, until the file is open.
    await writeReportFile(path, lent.subarray(0, lent.write(text)));
    spare.push(lent);
  };
  try {
    await work(async (path, text) => {
      const one = writeText(path, text);
      // It is awaited below, but may fail before that.
      one.catch(() => {});
      writing.push(one);
      if (writing.length >= FILES_AT_ONCE) await writing.shift();
    });
    await Promise.all(writing);
  } catch (err) {
    await Promise.allSettled(writing);
    throw err;
  }
}
