export { composeMessage, measureText } from './compose-message.js';
export { InvalidLetterError, type Letter, type Mailbox } from './letter.js';
export { isUsableAddress } from './usable-address.js';
