export { startProcessor, type Processor } from './start-processor.js';
export { discardDeadLetter, replayDeadLetter, type Replay } from './replay-dead-letter.js';
