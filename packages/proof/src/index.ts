export { readOptions, type ProveOptions } from './options.js';
export { prove } from './prove.js';
