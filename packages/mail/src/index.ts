export { composeMessage, measureBody } from './compose-message.js';
export { InvalidLetterError, type Letter, type Mailbox } from './letter.js';
export { isUsableAddress } from './usable-address.js';
export { mailMigrations } from './migrations.js';
export { deliveryStates, type Delivery, type DeliveryState } from './delivery.js';
export { makeDeliveriesDue } from './make-deliveries-due.js';
export { startSender, type Sender } from './start-sender.js';
export {
  countDeliveries,
  countDeliveryStates,
  countUntried,
  explainWaiting,
  listDeliveries,
  type DeliveryCounts,
  type DeliveryFilter,
} from './read-deliveries.js';
export { holdDelivery, resendDelivery, type Steering } from './steer-deliveries.js';
