import { cutFileName, splitFileName } from './file-name.js';

/** The folder in reports/ of an import: `<file stem>-<first 8 of import id>`. */
export function nameReportFolder(fileName: string, importId: string): string {
  return cutFileName(splitFileName(fileName).stem, `-${importId.slice(0, 8)}`);
}
