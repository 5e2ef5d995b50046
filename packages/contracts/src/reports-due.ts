import type { Message } from './message.js';

/** A message for the topic `reports.due`: reports of this import are due. It holds nothing else, and may be lost. */
export function encodeReportsDue(importNo: number): Message {
  const key = String(importNo);
  return { key, headers: {}, value: Buffer.from(key) };
}
