// npm run passbook -- COMMAND
import { runPassbook } from './run-passbook.mjs';

await runPassbook(process.argv.slice(2));
