import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** A browser, and what it needs in its environment. */
export interface Chromium {
  path: string;
  env: NodeJS.ProcessEnv;
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_PATH = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** The package that carries a Chromium for x64, with all libraries but those of C: the last one for Node 20. */
const CARRIER = '@sparticuz/chromium@143.0.4';

/** 64 MB: a line that takes longer had better install a browser by hand. */
const FETCH_TIMEOUT_MS = 5 * 60 * 1000;

/**
 * The Chromium of `CHROMIUM_PATH` or of this machine; else, on Linux, one that npm brings: fetched once, and kept outside
 * the tree as the jars of Kafka are. Users, who do not run tests, need not wait for it.
 * @throws with the way out where there is none and none can be fetched
 */
export async function findChromium(): Promise<Chromium> {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  const paths = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = CHROMIUM_PATH ?? [...paths, MAC_PATH].find((path) => existsSync(path));
  if (found !== undefined) return { path: found, env: process.env };
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error(
      'There is no Chromium for the tests of pages. Install it or Chrome, or set CHROMIUM_PATH.',
    );
  const folder = join(
    process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
    'passbook',
    CARRIER.replace('/', '-'),
  );
  if (!existsSync(folder)) await fetchCarrier(folder);
  return describeCarried(folder);
}

/** The package expands itself; to be told that it is where its libraries are needed, it must believe in a Lambda. */
async function fetchCarrier(folder: string): Promise<void> {
  mkdirSync(join(folder, '..'), { recursive: true });
  const unfinished = mkdtempSync(`${folder}.`);
  try {
    const install = [
      'install',
      '--prefix',
      unfinished,
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      CARRIER,
    ];
    await exec('npm', install, { cwd: unfinished, timeout: FETCH_TIMEOUT_MS });
    const expand = `const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath();`;
    await exec(process.execPath, ['--input-type=module', '--eval', expand], {
      cwd: unfinished,
      env: {
        ...process.env,
        TMPDIR: unfinished,
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
        AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x',
      },
    });
    rmSync(join(unfinished, 'node_modules'), { recursive: true });
    writeFileSync(join(unfinished, 'fonts', 'fonts.conf'), fontsIn(join(folder, 'fonts')));
    keep(unfinished, folder);
  } catch (err) {
    throw new Error(
      'Chromium for the tests of pages could not be fetched. Install it, or set CHROMIUM_PATH.',
      { cause: err },
    );
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Its own settings look for fonts in the folders of a Lambda; without any, a page with a field to write into crashes. */
function fontsIn(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}</dir><cachedir>${join(folder, 'cache')}</cachedir></fontconfig>
`;
}

/** Another worker may have been first: theirs is as good. */
function keep(unfinished: string, folder: string): void {
  try {
    renameSync(unfinished, folder);
  } catch (err) {
    if (!existsSync(folder)) throw err;
  }
}

function describeCarried(folder: string): Chromium {
  const libraries = join(folder, 'al2023', 'lib');
  const env = { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_PATH: join(folder, 'fonts') };
  return { path: join(folder, 'chromium'), env };
}
