import { join } from 'node:path';
import { prepareFolder } from '@passbook/runtime';

/** The folders of the product, as absolute paths. They may lie on different file systems. */
export interface Folders {
  imports: string;
  processed: string;
  quarantine: string;
}

/** Private copies: what every run of an import reads. */
export function claimedFolder(folders: Folders): string {
  return join(folders.imports, '.claimed');
}

/** Makes the folders that are not there. @throws UserError when one cannot be made or written to */
export async function prepareFolders(folders: Folders): Promise<void> {
  for (const folder of [folders.imports, folders.processed, folders.quarantine]) await prepareFolder(folder);
  await prepareFolder(claimedFolder(folders), 0o700);
}
