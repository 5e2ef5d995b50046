export { startChunker, type Chunker, type ChunkerParts } from './start-chunker.js';
export type { Folders } from './folders.js';
export { HeldError } from './accept-file.js';
export { chunkerPartsOf } from './chunker-parts.js';
export { CHUNKING_VERSION } from './chunking-version.js';
export { identifyFile, type IdentifiedFile } from './identify-file.js';
export { hashFile } from './copy-file.js';
export { claimedFolder } from './folders.js';
