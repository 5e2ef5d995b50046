import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceName } from './services.js';

/** What V8 writes: nodes of a call tree, and for each sample the node it was in and the time since the one before. */
export interface CpuProfile {
  nodes: readonly { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: readonly number[];
  timeDeltas: readonly number[];
}

/** Seconds in the functions themselves, without those that they call. The longest first. */
export interface ProfileSummary {
  service: ServiceName;
  packages: readonly { name: string; seconds: number }[];
  functions: readonly { name: string; package: string; seconds: number }[];
}

const FUNCTIONS_MAX = 15;

/** Reads what the services that work wrote, into a folder each. */
export async function readProfiles(folder: string): Promise<ProfileSummary[]> {
  const summaries: ProfileSummary[] = [];
  for (const service of ['chunker', 'processor', 'reporter'] as const) {
    const files = await readdir(join(folder, service)).catch(() => []);
    for (const file of files) {
      const profile = JSON.parse(await readFile(join(folder, service, file), 'utf8')) as CpuProfile;
      summaries.push({ service, ...summariseProfile(profile) });
    }
  }
  return summaries;
}

export function summariseProfile({
  nodes,
  samples,
  timeDeltas,
}: CpuProfile): Omit<ProfileSummary, 'service'> {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const packages = new Map<string, number>();
  const functions = new Map<string, { name: string; package: string; seconds: number }>();
  samples.forEach((id, at) => {
    const { functionName, url, lineNumber } = frames.get(id)!;
    if (functionName === '(idle)') return;
    const seconds = timeDeltas[at]! / 1e6;
    const owner = url === '' ? nameNative(functionName) : namePackage(url);
    packages.set(owner, (packages.get(owner) ?? 0) + seconds);
    const key = `${url}:${lineNumber}:${functionName}`;
    const one = functions.get(key) ?? { name: functionName || '(anonymous)', package: owner, seconds: 0 };
    one.seconds += seconds;
    functions.set(key, one);
  });
  const longest = <T extends { seconds: number }>(list: T[]): T[] =>
    list.sort((a, b) => b.seconds - a.seconds);
  return {
    packages: longest([...packages].map(([name, seconds]) => ({ name, seconds }))),
    functions: longest([...functions.values()]).slice(0, FUNCTIONS_MAX),
  };
}

function nameNative(functionName: string): string {
  return functionName === '(garbage collector)' ? 'garbage collector' : 'native code';
}

/** By the address of a module: of node_modules, of the workspace, or node itself. */
export function namePackage(url: string): string {
  const foreign = [...url.matchAll(/\/node_modules\/((?:@[^/]+\/)?[^/]+)(?=\/)/g)].at(-1);
  if (foreign) return foreign[1]!;
  const own = /\/((?:packages|services)\/[^/]+)\/dist\//.exec(url);
  if (own) return own[1]!;
  return url.startsWith('node:') ? 'node' : url;
}
