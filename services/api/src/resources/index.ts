import type { Resource } from '../resource.js';
import { importDeliveriesResource } from './import-deliveries.js';
import { accountsResource } from './accounts.js';
import { balancesResource } from './balances.js';
import { clientsResource } from './clients.js';
import { eventsResource } from './events.js';
import { importReceiptsResource } from './import-receipts.js';
import { importRowsResource } from './import-rows.js';
import { importsResource } from './imports.js';
import { transactionsResource } from './transactions.js';
import { transfersResource } from './transfers.js';
import { userTransactionsResource } from './user-transactions.js';
import { usersResource } from './users.js';

export { billingResource } from './billing.js';
export { customerTransactionsResource } from './customer-transactions.js';

/** All that is below /v1. A new resource is a file here and a line in this list. */
export const resources: readonly Resource[] = [
  importsResource,
  importRowsResource,
  importReceiptsResource,
  importDeliveriesResource,
  clientsResource,
  accountsResource,
  balancesResource,
  transactionsResource,
  transfersResource,
  usersResource,
  userTransactionsResource,
  eventsResource,
];
