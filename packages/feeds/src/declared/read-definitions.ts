import { readJsonFolder } from '../read-json-folder.js';
import { parseDefinition, type FeedDefinition } from './definition.js';

/**
 * Reads the feeds that a folder declares, in the order of their names; none when there is no such folder.
 * @throws UserError that lists the faults of all of them
 */
export function readDefinitions(folder: string): Promise<FeedDefinition[]> {
  return readJsonFolder(folder, () => true, parseDefinition);
}
