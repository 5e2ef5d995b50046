import type { Resource } from '../resource.js';
import { importDeliveriesResource } from './import-deliveries.js';
import { importReceiptsResource } from './import-receipts.js';
import { importRowsResource } from './import-rows.js';
import { importsResource } from './imports.js';
import { transactionsResource } from './transactions.js';

/** All that is below /v1. A new resource is a file here and a line in this list. */
export const resources: readonly Resource[] = [
  importsResource,
  importRowsResource,
  importReceiptsResource,
  importDeliveriesResource,
  transactionsResource,
];
