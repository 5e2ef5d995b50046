export { countLockWaits } from './count-lock-waits.js';
export { closeOnSignal, makeClosers, type Closers } from './closers.js';
export { beginImport, sendManifest, type BegunImport } from './begin-import.js';
export { makeTestDatabase, type TestDatabase } from './test-database.js';
export { makeTestFolder } from './test-folder.js';
export { describeKafka, testKafka, uniqueName, type TestKafka } from './test-kafka.js';
export { startTcpProxy, type IsMeant, type TcpProxy } from './tcp-proxy.js';
export { findViolations, openTestBrowser, type TestBrowser } from './open-test-browser.js';
export { findPostgres } from './find-postgres.js';
export { makeRandom, type Random } from './random.js';
export { until } from './until.js';
export { userEnvironment } from './user-environment.js';
export {
  newAccountNumber,
  transactionRow,
  transactionsFile,
  transactionsHeader,
  type RowCells,
} from './transaction-rows.js';
export { collectTexts, groupOf, openTestBus, textMessage, withoutSecurity } from './open-test-bus.js';
export {
  startTestMailServer,
  type AcceptedMail,
  type MailReply,
  type MailStep,
  type TestMailServer,
} from './test-mail-server.js';
