export { bench } from './bench.js';
export { readOptions, type BenchOptions } from './options.js';
