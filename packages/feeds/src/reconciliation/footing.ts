import { UserError } from '@passbook/runtime';
import type { ReconciledLoad, SideClasses } from './read-figures.js';

/** How many rows the files of a side have. */
export function sumRowsRead(loads: readonly ReconciledLoad[], side: ReconciledLoad['side']): number {
  return loads.reduce((all, load) => all + (load.side === side ? load.rowsRead : 0), 0);
}

export function sumOf(classes: SideClasses): number {
  const counts = Object.values(classes) as number[];
  return counts.reduce((all, count) => all + count, 0);
}

/**
 * Holds the classes, which come from the rows, to what the imports have counted: the two are told by different parts of the
 * product.
 * @throws UserError when a row is missing or in two classes: then there is no report
 */
export function expectFooting(
  classes: { customer: SideClasses; repository: SideClasses },
  loads: readonly ReconciledLoad[],
): void {
  const faults = (['customer', 'repository'] as const).flatMap((side) => {
    const [read, classified] = [sumRowsRead(loads, side), sumOf(classes[side])];
    return read === classified
      ? []
      : [`of the ${side} side ${read} rows were read, and ${classified} are in a class`];
  });
  if (faults.length === 0) return;
  throw new UserError(
    `The reconciliation does not foot and is not written: ${faults.join('; ')}. Rows were changed by others than Passbook, or it has a fault of its own.`,
  );
}
