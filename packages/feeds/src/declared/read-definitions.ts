import { UserError } from '@passbook/runtime';
import { readJsonFolder } from '../read-json-folder.js';
import { findReconciliationFaults } from '../reconciliation/reconciliation-definition.js';
import { parseDefinition, type FeedDefinition } from './definition.js';

/**
 * Reads the feeds that a folder declares, in the order of their names; none when there is no such folder.
 * @throws UserError that lists the faults of all of them
 */
export async function readDefinitions(folder: string): Promise<FeedDefinition[]> {
  const definitions = await readJsonFolder(folder, () => true, parseDefinition);
  const faults = findReconciliationFaults(definitions);
  if (faults.length === 0) return definitions;
  throw new UserError(`The feed definitions do not go together:\n  ${faults.join('\n  ')}`, { exitCode: 2 });
}
