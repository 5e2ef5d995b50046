import { cutFileName } from './file-name.js';

/** The folder in reports/ of an import: `<file stem>-<first 8 of import id>`. */
export function nameReportFolder(fileName: string, importId: string): string {
  const stem = fileName.replace(/(?<=.)\.[^.]*$/, '');
  return cutFileName(stem, `-${importId.slice(0, 8)}`);
}
