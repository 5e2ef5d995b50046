import type { Inputs } from './make-inputs.js';
import type { Templates } from './make-templates.js';
import type { CaseName } from './options.js';
import type { Values } from './samples.js';
import type { Servers } from './servers.js';

/** What scenes are played with. */
export interface Stage {
  servers: Servers;
  inputs: Inputs;
  templates: Templates;
  root: string;
  /** Rows of the file that most scenes import. */
  rows: number;
}

/** One thing that is measured, in each round. */
export interface Scene {
  name: string;
  what: string;
  /** The cases that need it. */
  cases: readonly CaseName[];
  play(stage: Stage): Promise<Values>;
}
