export type { Bus, Consumer, ConsumeOptions } from './bus.js';
export { makeInProcessBus } from './in-process-bus.js';
