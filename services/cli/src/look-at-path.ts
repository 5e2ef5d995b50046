import type { Stats } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { hashFile } from '@passbook/chunker';
import { explainIgnoredName } from '@passbook/imports';
import type { Config } from './config.js';

export type Folders = Pick<Config, 'IMPORTS_DIR' | 'PROCESSED_DIR' | 'QUARANTINE_DIR' | 'REPORTS_DIR'>;

/** What lies at a path. */
export interface Sight {
  /** Absolute. */
  path: string;
  kind: 'file' | 'folder' | 'symbolic link' | 'FIFO' | 'special file';
  lies: 'in imports' | 'below imports' | 'in processed' | 'in quarantine' | 'elsewhere';
  /** Why it is never imported from where it lies, as the end of a sentence about it; null when nothing says so. */
  ignored: string | null;
  /** Since its last change. */
  idleMs: number;
  /** Hexadecimal; of a file that can be read. */
  sha256: string | null;
}

/** Looks at a path, and reads the whole file that lies there. @returns null when nothing does */
export async function lookAtPath(path: string, folders: Folders): Promise<Sight | null> {
  const found = await lstat(path).catch(() => null);
  if (!found) return null;
  const kind = kindOf(found);
  const lies = await placeOf(path, folders);
  return {
    path,
    kind,
    lies,
    ignored: explainIgnored(basename(path), kind, lies),
    idleMs: Math.max(0, Date.now() - found.mtimeMs),
    // One that we may not read can still be known by its name.
    sha256: kind === 'file' ? await hashFile(path).catch(() => null) : null,
  };
}

function kindOf(found: Stats): Sight['kind'] {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'folder';
  if (found.isSymbolicLink()) return 'symbolic link';
  return found.isFIFO() ? 'FIFO' : 'special file';
}

/** Folders may be named by links: what counts is where they lead. */
async function placeOf(path: string, folders: Folders): Promise<Sight['lies']> {
  const own = await resolveLinks(dirname(path));
  const [imports, processed, quarantine] = await Promise.all(
    [folders.IMPORTS_DIR, folders.PROCESSED_DIR, folders.QUARANTINE_DIR].map(resolveLinks),
  );
  if (own === imports) return 'in imports';
  if (own === processed) return 'in processed';
  if (own === quarantine) return 'in quarantine';
  return `${own}${sep}`.startsWith(`${imports}${sep}`) ? 'below imports' : 'elsewhere';
}

function resolveLinks(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

function explainIgnored(name: string, kind: Sight['kind'], lies: Sight['lies']): string | null {
  if (lies === 'below imports')
    return 'it lies in a folder inside the imports folder, and what is in there is not looked at. Move it up';
  if (lies !== 'in imports') return null;
  if (/^\.passbook-/.test(name)) return "it is Passbook's own, and goes away when its import is done";
  const reason = explainIgnoredName(name);
  if (reason !== null) return `its name ${reason}. Under another name it is imported`;
  if (kind === 'file') return null;
  if (kind === 'folder') return 'it is a folder, and what is in it is not looked at. Move the files up';
  return `it is a ${kind}. Put a file in its place`;
}

/** Both ways to name a path: as it was given, and where its links lead. */
export async function pathsOf(path: string): Promise<string[]> {
  return [...new Set([path, join(await resolveLinks(dirname(path)), basename(path))])];
}
