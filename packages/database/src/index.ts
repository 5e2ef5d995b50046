export { openDatabase, type Database, type Queryable, type Transaction } from './database.js';
export {
  isConnectionLost,
  isDiskFull,
  explainPostgresError,
  isRefusedConnection,
  isRefusedData,
  isRolledBack,
  isUniqueViolation,
  isWeather,
  RefusedDataError,
  sqlState,
} from './sqlstate.js';
export { endFrozenSessions } from './end-frozen-sessions.js';
export { copyIn } from './copy-in.js';
export { copyOut } from './copy-out.js';
export { migrate, type Migration } from './migrate.js';
export {
  holdToInstallation,
  installationIdMigration,
  installationMigration,
  readInstallationId,
} from './installation.js';
export { EmbeddedPostgresError, startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres.js';
