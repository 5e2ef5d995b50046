export { main } from './main.js';
export { openHouse, type House } from './open-house.js';
export type { Config } from './config.js';
export { answerWhy, type WhyAnswer } from './answer-why.js';
export { describeVerification, verifyFile } from './run-verify.js';
export { openFeedDesk } from './run-feeds.js';
export { runReconcile } from './run-reconcile.js';
