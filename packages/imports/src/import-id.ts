import { v5 } from 'uuid';

/** The namespace of import ids: a constant of this product. */
const NAMESPACE = '6f1c3a52-5d0e-5a7e-9c55-8b1d3c0f4e21';

/**
 * The id of an import, derived from what it is: the same bytes for the same feed and scope are the same import,
 * on every machine and at every try.
 */
export function makeImportId(sha256: string, feed: string | null, scope: string): string {
  return v5(`${sha256}\n${feed ?? ''}\n${scope}`, NAMESPACE);
}
