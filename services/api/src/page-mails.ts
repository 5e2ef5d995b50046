import type { Database } from '@passbook/database';
import type { ImportSummary } from '@passbook/imports';
import {
  countDeliveries,
  deliveryStates,
  explainWaiting,
  listDeliveries,
  type Delivery,
  type DeliveryCounts,
} from '@passbook/mail';

/** Mails that failed, or of which nobody knows, shown of one import; the API has all. */
const TROUBLED_SHOWN = 10;

/** What the page says of mails. */
export interface Mails {
  counts: ReadonlyMap<number, DeliveryCounts>;
  /** Failed and unknown ones, at most so many of an import as are shown. */
  troubled: ReadonlyMap<number, readonly Delivery[]>;
  /** Why mails that are due are not sent. */
  waitFor: string | null;
}

export async function readMails(database: Database, imports: readonly ImportSummary[]): Promise<Mails> {
  const counts = await countDeliveries(
    database,
    imports.map(({ no }) => no),
  );
  const troubled = new Map<number, readonly Delivery[]>();
  for (const [importNo, { failed = 0, unknown = 0 }] of counts) {
    if (failed + unknown === 0) continue;
    const states = ['failed', 'unknown'] as const;
    troubled.set(importNo, await listDeliveries(database, TROUBLED_SHOWN, { importNo, states }));
  }
  return { counts, troubled, waitFor: await explainWaiting(database) };
}

/** The cell of one import. Pure. */
export function describeMails({ counts, troubled }: Mails, { no }: Pick<ImportSummary, 'no'>): object {
  const ofImport = counts.get(no) ?? {};
  const shown = troubled.get(no) ?? [];
  return {
    counts: deliveryStates
      .filter((state) => ofImport[state] !== undefined)
      .map((state) => `${ofImport[state]} ${state}`)
      .join(', '),
    troubled: shown.map((one) => `${one.recipient}: ${one.state}. ${one.reply ?? ''}`),
    more: (ofImport.failed ?? 0) + (ofImport.unknown ?? 0) - shown.length,
  };
}
