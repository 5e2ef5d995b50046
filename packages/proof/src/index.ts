export { readOptions, type ProveOptions } from './options.js';
export { prove } from './prove.js';
export { proveMutants, type MutantOptions } from './prove-mutants.js';
export { fuzz, type FuzzOptions } from './fuzz.js';
