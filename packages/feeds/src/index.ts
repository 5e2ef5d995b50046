import type { Feed } from './feed.js';
import { makeTransactionsFeed } from './transactions/transactions-feed.js';

export type {
  ArrivedChunk,
  ChunkPiece,
  Column,
  Feed,
  LoadOutcome,
  PreparedChunk,
  Recognition,
  RowReader,
} from './feed.js';

/** All kinds of files that the product knows. A new one is a folder here and a line in this list. */
export function makeFeeds(secrets: { accountNumberKey: string | null }): readonly Feed[] {
  return [makeTransactionsFeed(secrets)];
}

export { normaliseHeaderCell } from './recognise-header.js';
