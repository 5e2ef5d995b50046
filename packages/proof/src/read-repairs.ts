import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** How often chunks were made again, by the logs. */
export async function readRepairs(logs: readonly string[]): Promise<number> {
  let repairs = 0;
  for (const path of logs) {
    for await (const line of createInterface({ input: createReadStream(path) })) {
      if (line.includes('missing chunks are sent again')) repairs += 1;
    }
  }
  return repairs;
}
