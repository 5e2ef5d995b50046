export { startReporter, type Reporter } from './start-reporter.js';
