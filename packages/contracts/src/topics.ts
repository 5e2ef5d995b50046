/** The rows of an import, cut into chunks. Key: the lane of their accounts. */
export const IMPORTS_CHUNKED = 'imports.chunked';

/** Wakes the reporter. The table `reports` is the truth: losing one of these messages loses nothing. */
export const REPORTS_DUE = 'reports.due';

/** What other services are told of the ledger (docs/events.md). Key: the account. */
export const LEDGER_EVENTS = 'ledger.events';

/** Who shares the chunks: every chunk is handled by one processor. */
export const PROCESSOR_GROUP = 'processor';

/** Who shares the wake-ups for reports. */
export const REPORTER_GROUP = 'reporter';
