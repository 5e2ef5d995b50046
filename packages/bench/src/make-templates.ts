import { withInstallation } from './installation.js';
import type { Input } from './make-inputs.js';
import type { Servers } from './servers.js';

/** Databases that have a file in them already: made by an import when they are first asked for, then copied. */
export interface Templates {
  /** @returns the name of a database with this file in it */
  after(input: Input): Promise<string>;
}

export function makeTemplates(servers: Servers, root: string, tell: (line: string) => void): Templates {
  const made = new Map<string, Promise<string>>();
  const fill = (input: Input): Promise<string> =>
    withInstallation(servers, { root, keepsDatabase: true }, async ({ drop, databaseName }) => {
      const since = performance.now();
      const dropped = await drop(input.path);
      await dropped.untilReported();
      await dropped.untilDone();
      tell(`${input.rows} rows are there before: ${((performance.now() - since) / 1000).toFixed(1)} s.`);
      return databaseName;
    });
  return {
    after(input) {
      const filled = made.get(input.path) ?? fill(input);
      made.set(input.path, filled);
      return filled;
    },
  };
}
