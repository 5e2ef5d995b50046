export { startProcessor, type Processor } from './start-processor.js';
export { discardDeadLetter, replayDeadLetter, type Discard, type Replay } from './replay-dead-letter.js';
