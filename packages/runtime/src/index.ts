export { explainFileError, namingFile, UserError } from './user-error.js';
export {
  readSettings,
  secretSettings,
  settingSchemas,
  type Environment,
  type SettingName,
  type Settings,
} from './settings.js';
export { makeLogger, type Logger } from './log.js';
export { makeSemaphore } from './semaphore.js';
export { startPeriodic, warnOf, type Periodic } from './periodic.js';
export { retryDelayMs, waitFor } from './wait.js';
export { makeZoneClock, type ZoneClock } from './time-zone.js';
export { prepareFolder } from './prepare-folder.js';
