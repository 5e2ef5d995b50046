export { startChunker, type Chunker, type ChunkerParts } from './start-chunker.js';
export type { Folders } from './folders.js';
