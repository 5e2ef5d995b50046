// Loaded into a process of the product by NODE_OPTIONS=--import: its clock on the wall jumps when a file appears.
//
// TEST_CLOCK=MILLISECONDS=>FILE   by so much, forwards or backwards; from then on it goes on as before
import { existsSync } from 'node:fs';

const [text, file] = process.env.TEST_CLOCK.split('=>');
const RealDate = Date;
const byMs = Number(text);
let hasJumped = false;

function now() {
  hasJumped ||= existsSync(file);
  return RealDate.now() + (hasJumped ? byMs : 0);
}

globalThis.Date = class Date extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [now()] : args));
  }

  static now() {
    return now();
  }
};
