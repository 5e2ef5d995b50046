export { mailFilesOf } from './mail-files.js';
export { startReporter, type Reporter } from './start-reporter.js';
