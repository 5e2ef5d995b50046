/** A figure that is not what the ledger says. */
export interface Difference {
  figure: string;
  /** Who says otherwise: the file, or what Postgres has beside the transactions. */
  place: 'file' | 'import_accounts' | 'reports';
  /** Null: nothing. */
  says: string | null;
  ledgerSays: string | null;
}

/** A file of another account differs everywhere: so many say that, too. */
const DIFFERENCES_MAX = 100;

/** Differences as they are found. */
export interface Differences {
  /** Notes a figure if it is not the same. */
  compare(figure: string, says: string | null, ledgerSays: string | null, place?: Difference['place']): void;
  /** The first hundred of them. */
  list: Difference[];
  count(): number;
}

export function makeDifferences(): Differences {
  const list: Difference[] = [];
  let count = 0;
  return {
    compare(figure, says, ledgerSays, place = 'file') {
      if (says === ledgerSays) return;
      count += 1;
      if (list.length < DIFFERENCES_MAX) list.push({ figure, place, says, ledgerSays });
    },
    list,
    count: () => count,
  };
}
