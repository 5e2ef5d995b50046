export { startChunker, type Chunker, type ChunkerParts } from './start-chunker.js';
export { isIgnoredName } from './watch-folder.js';
export type { Folders } from './folders.js';
