export { explainFileError, namingFile, UserError } from './user-error.js';
export { readSettings, standsIn, type Settings } from './settings.js';
export type { SettingName } from './setting-schemas.js';
export { makeLogger, type Logger } from './log.js';
export { makeSemaphore } from './semaphore.js';
export { startPeriodic, warnOf, type Periodic } from './periodic.js';
export { aborted, retryDelayMs, unlessAborted, waitFor, within } from './wait.js';
export { makeZoneClock, type ZoneClock } from './time-zone.js';
export { prepareFolder } from './prepare-folder.js';
