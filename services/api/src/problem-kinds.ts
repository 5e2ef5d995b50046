/*
 * All kinds of problems, by the end of their `type`. The kinds are stable; their titles say what they are, the detail of an
 * answer what to do about this one.
 */
export const problemKinds = {
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'invalid-cursor': { status: 400, title: 'The cursor is none of this list' },
  'idempotency-key-missing': { status: 400, title: 'The request has no Idempotency-Key' },
  'api-key-missing': { status: 401, title: 'The request has no API key that is known' },
  'insufficient-funds': { status: 402, title: 'There is not enough money on the account' },
  'scope-missing': { status: 403, title: 'The API key may read only' },
  'foreign-origin': { status: 403, title: 'The request comes from a page of another origin' },
  'unknown-route': { status: 404, title: 'There is nothing at this address' },
  'unknown-import': { status: 404, title: 'There is no such import' },
  'unknown-client': { status: 404, title: 'There is no such client' },
  'unknown-account': { status: 404, title: 'There is no such account' },
  'unknown-user': { status: 404, title: 'There is no such user' },
  'unknown-transaction': { status: 404, title: 'There is no such transaction' },
  'unknown-transfer': { status: 404, title: 'There is no such transfer' },
  'no-receipt': { status: 404, title: 'The import has no receipt' },
  'method-not-allowed': { status: 405, title: 'The method is not served at this address' },
  'in-flight': { status: 409, title: 'A request with this key is at work just now' },
  'login-taken': { status: 409, title: 'Another client has this login' },
  'already-reversed': { status: 409, title: 'The transfer was reversed before' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is not JSON' },
  'invalid-body': { status: 422, title: 'The body is not valid' },
  'rows-refused': { status: 422, title: 'Rows of the request are not valid, and none is taken' },
  'invalid-moment': { status: 422, title: 'There is no balance of this moment' },
  'key-reused': { status: 422, title: 'The key was used for another request' },
  'accounts-must-differ': { status: 422, title: 'Both accounts are the same' },
  'currency-mismatch': { status: 422, title: 'The account is in another currency' },
  'balance-out-of-range': { status: 422, title: 'The balance would be too large' },
  'id-taken': { status: 422, title: 'Another transaction has this id' },
  'too-many-requests': { status: 429, title: 'There are too many requests' },
  'server-fault': { status: 500, title: 'The server has a fault' },
  'database-away': { status: 503, title: 'The database is away or busy' },
} as const;

export type ProblemKind = keyof typeof problemKinds;

/** What a problem's `type` begins with. */
export const PROBLEM_TYPE = 'urn:passbook:problem:';
