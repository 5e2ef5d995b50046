export { startProcessor, type Processor } from './start-processor.js';
