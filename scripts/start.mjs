// npm start [-- FILE…]: on a fresh machine also installs and builds.
import { runPassbook } from './run-passbook.mjs';

await runPassbook(['start', ...process.argv.slice(2)]);
