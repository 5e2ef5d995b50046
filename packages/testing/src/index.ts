export { beginImport, sendManifest, type BegunImport } from './begin-import.js';
export { makeTestDatabase, type TestDatabase } from './test-database.js';
export { makeTestFolder } from './test-folder.js';
export { until } from './until.js';
export {
  newAccountNumber,
  transactionRow,
  transactionsFile,
  transactionsHeader,
  type RowCells,
} from './transaction-rows.js';
