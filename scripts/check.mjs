// npm run check: types of the tests, style, boundaries, formatting.
import { join } from 'node:path';
import { prepare, root, run } from './prepare.mjs';

await prepare();
const bin = (name) => join(root, 'node_modules', '.bin', name);
run(bin('tsc'), ['--project', 'tsconfig.tests.json']);
run(bin('eslint'), ['--max-warnings', '0', '.']);
run(bin('depcruise'), ['--config', '.dependency-cruiser.mjs', 'packages', 'services', 'tests']);
run(bin('prettier'), ['--check', '--log-level', 'warn', '.']);
process.stderr.write('All checks passed.\n');
