import { withInstallation, type Drop, type Installation } from './installation.js';
import type { Input, Inputs } from './make-inputs.js';
import { sinceDrop } from './measure-import.js';
import type { Values } from './samples.js';
import type { Servers } from './servers.js';

/** How long a file of one row takes from its drop to its statement. */
export const smallSpans = {
  idle: 'alone, the first file of these services',
  beside: 'beside the large file',
  /** About zero: it had ended before, and the small file was not beside it for its whole way. */
  left: '… until the large file was loaded, after that statement',
  again: 'alone again, after the large file',
} as const;

/** @param large is being loaded when the second small file is dropped */
export async function measureSmallFile(
  servers: Servers,
  root: string,
  inputs: Inputs,
  large: Input,
): Promise<Values> {
  const small = await Promise.all(
    // Each of another account.
    [1, 2, 3].map((no) => inputs.make(`one-row-${no}.csv`, { accounts: 1, operations: 1, seed: 1_000 + no })),
  );
  return withInstallation(servers, { root }, async (one) => {
    const idle = await untilStatement(one, small[0]!);
    const largeDrop = await one.drop(large.path);
    await largeDrop.untilBegun();
    const beside = await untilStatement(one, small[1]!);
    const since = performance.now();
    await largeDrop.untilLoaded();
    const left = (performance.now() - since) / 1000;
    await largeDrop.untilReported();
    await largeDrop.untilDone();
    const again = await untilStatement(one, small[2]!);
    return {
      [smallSpans.idle]: idle,
      [smallSpans.beside]: beside,
      [smallSpans.left]: left,
      [smallSpans.again]: again,
    };
  });
}

async function untilStatement({ drop }: Installation, { path }: Input): Promise<number> {
  const dropped: Drop = await drop(path);
  await dropped.untilReported();
  const seconds = sinceDrop(dropped);
  await dropped.untilDone();
  return seconds;
}
