import type { ReceivedMessage } from '@passbook/contracts';
import { loadBatch, type LoadParts } from './load-batch.js';
import { sortMessages } from './sort-messages.js';

/**
 * Does with messages all that a processor does with them before it acknowledges: loads the chunks that an import waits
 * for, passes over repeats, buries the rest. May be done any number of times.
 * @returns the imports that this completed: their reports are due
 */
export async function handleMessages(
  parts: LoadParts,
  messages: readonly ReceivedMessage[],
): Promise<number[]> {
  const completed = await loadBatch(parts, await sortMessages(parts, messages));
  for (const importNo of completed) parts.log.info({ importNo }, 'import loaded');
  return completed;
}
