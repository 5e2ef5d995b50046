import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Change } from './mutants.js';

/** A copy of the product that can be changed; its dependencies are those of the original. */
export interface Copy {
  root: string;
  /** @throws when a text does not stand exactly once where it should: then the mutant has to follow the code */
  change(changes: readonly Change[]): Promise<void>;
  /** Makes it the original again. */
  restore(): Promise<void>;
  remove(): Promise<void>;
}

const copied = [
  'packages',
  'services',
  'scripts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.base.json',
];

export async function makeCopy(original: string): Promise<Copy> {
  const root = await mkdtemp(join(tmpdir(), 'passbook-mutant-'));
  for (const name of copied)
    await cp(join(original, name), join(root, name), { recursive: true, preserveTimestamps: true });
  await linkDependencies(join(original, 'node_modules'), join(root, 'node_modules'), root);
  // What a mutant leaves out may leave names behind that nobody uses.
  const rules = join(root, 'tsconfig.base.json');
  await writeFile(rules, (await readFile(rules, 'utf8')).replace(/("noUnused\w+": )true/g, '$1false'));
  const originals = new Map<string, string>();
  return {
    root,
    async change(changes) {
      for (const { file, from, to } of changes) {
        const path = join(root, file);
        const text = await readFile(path, 'utf8');
        if (text.split(from).length !== 2) throw new Error(`In ${file} this does not stand once: ${from}`);
        if (!originals.has(path)) originals.set(path, text);
        await writeFile(
          path,
          text.replace(from, () => to),
        );
      }
    },
    async restore() {
      for (const [path, text] of originals) await writeFile(path, text);
      originals.clear();
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Our own packages are those of the copy, all others those of the original. */
async function linkDependencies(from: string, to: string, root: string): Promise<void> {
  await mkdir(join(to, '@passbook'), { recursive: true });
  for (const name of await readdir(from)) {
    if (name === '@passbook') continue;
    // What says whether it is built belongs to the copy.
    if (name.startsWith('.passbook-')) await cp(join(from, name), join(to, name));
    else await symlink(join(from, name), join(to, name));
  }
  for (const floor of ['packages', 'services']) {
    for (const name of await readdir(join(root, floor)))
      await symlink(join(root, floor, name), join(to, '@passbook', name));
  }
}
