export { importMigrations } from './migrations.js';
export { makeImportId } from './import-id.js';
export type { Chunking, Import, ImportState } from './import.js';
export { holdImport, openImport, refuseImport, type FileContent } from './open-import.js';
export {
  findImports,
  hasImport,
  listImports,
  readHeldImport,
  readImport,
  readImportSummary,
  type ImportSummary,
} from './read-import.js';
export {
  explainRefusal,
  findOpenImport,
  finishDrop,
  listCopies,
  listOpenDrops,
  readDrop,
  recordDrop,
  replaceCopy,
  reserveFinalName,
  type Drop,
  type Refusal,
} from './drop.js';
export { listReleased, releaseImport } from './release-import.js';
export { findDrops, type DropQuery, type FoundDrop } from './find-drops.js';
export {
  LeaseLostError,
  LEASE_RENEW_MS,
  LEASE_SECONDS,
  listUnattendedImports,
  releaseLease,
  renewLease,
  takeLease,
} from './lease.js';
export {
  copyExceptions,
  findException,
  listExceptions,
  recordExceptions,
  type Fault,
  type RowException,
  type RowPlace,
} from './exceptions.js';
export { listLoadedChunks, recordManifest, type Manifest } from './manifest.js';
export type { ReportsDue } from './complete-import.js';
export {
  claimChunks,
  countChunks,
  readImportStates,
  type ChunkIdentity,
  type ImportProgress,
} from './count-chunks.js';
export {
  buryMessage,
  listDeadLetters,
  readDeadLetter,
  type BuriedMessage,
  type DeadLetter,
  type DeadLetterSummary,
} from './dead-letters.js';
export { settleDeadLetter } from './settle-dead-letter.js';
export { readImportFigures, type ImportFigures } from './import-figures.js';
export { listStaleImports, type StaleImport } from './stale-imports.js';
export { readImportReceipt, readReceipt, type CountPosted, type Receipt } from './receipt.js';
export {
  claimReports,
  countDueReports,
  findReport,
  markRendered,
  readReports,
  releaseReports,
  renewReports,
  type DueReport,
} from './report.js';
export { nameReportFolder } from './report-folder.js';
export { cutFileName, explainIgnoredName, fitFileName, isIgnoredName, numberFileName } from './file-name.js';
