#!/usr/bin/env node
// The command line, where everything is installed and built (an image).
import { main } from '../dist/index.js';

await main(process.argv.slice(2));
