export { mailSettings, mailWayOf } from './mail-settings.js';
export { startReporter, type Reporter } from './start-reporter.js';
