import { readJsonFolder } from '../read-json-folder.js';
import { parseFormat, type Format } from './format.js';

/** Files beside a format that show what it does: they are no formats themselves. */
const notAFormat = /\.(expected|sample)\.json$/;

/**
 * Reads the formats of a folder, in the order of their names; none when there is no such folder.
 * @throws UserError that lists the faults of all of them
 */
export function readFormats(folder: string): Promise<Format[]> {
  return readJsonFolder(folder, (file) => !notAFormat.test(file), parseFormat);
}
