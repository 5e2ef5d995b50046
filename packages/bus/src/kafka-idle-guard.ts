import { createRequire } from 'node:module';

interface RequestQueue {
  pending: readonly unknown[];
}

interface RequestQueueClass {
  prototype: { scheduleCheckPendingRequests?: (this: RequestQueue) => void };
}

const guarded = new WeakSet<object>();

/**
 * kafkajs 2.2.4 looks for pending requests once a millisecond on every connection, for ever, also when there are none
 * (and warns of negative delays on Node 24). With the guard it looks only while something is pending: requests that the
 * broker throttles are pending, and still go out.
 * @throws Error when kafkajs has not the method any more: then this file can go
 */
export function guardIdleConnections(): void {
  const queue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as RequestQueueClass;
  const schedule = queue.prototype.scheduleCheckPendingRequests;
  if (typeof schedule !== 'function')
    throw new Error('This kafkajs has no scheduleCheckPendingRequests to guard: it must be version 2.2.4.');
  if (guarded.has(queue.prototype)) return;
  guarded.add(queue.prototype);
  queue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this);
  };
}
