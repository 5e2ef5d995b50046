/** One time that a file was put into imports/. */
export interface DroppedFile {
  /** The name it had there. */
  name: string;
  /** A kept copy of exactly the bytes that were dropped. */
  path: string;
  /** It was replaced or deleted while it may have been read: it may never have been imported. */
  mayVanish: boolean;
}

/** What a run left, and what was put into it. */
export interface CheckInput {
  databaseUrl: string;
  folders: { imports: string; processed: string; quarantine: string; reports: string };
  dropped: readonly DroppedFile[];
  /** A chunker was killed, or lost its line to Postgres: what it was just writing (a private copy, a receipt) is deleted later. */
  mayLeaveTemporaries: boolean;
  /** As the chunker has it. */
  accountNumberKey: string;
  /** The only ones that are understood here. */
  timeZone: 'UTC';
  currency: 'USD';
  /** Outputs of the processes and all that is on the topics, to be searched for account numbers. */
  texts: readonly { name: string; path: string }[];
}

/** Of all imports together. */
export interface Figures {
  filesDropped: number;
  imports: number;
  refused: number;
  accounts: number;
  rowsRead: number;
  rowsPosted: number;
  rowsDuplicate: number;
  rowsQuarantined: number;
  statements: number;
  charactersSearched: number;
}

export interface Verdict {
  /** What is wrong, in sentences. None: all is as it must be. */
  findings: string[];
  /**
   * Over the posted rows whose account and id no other row contradicts: hash of the number, id, time, amount. It depends on
   * what was dropped alone, not on the order in which it was imported.
   */
  ledgerHash: string;
  figures: Figures;
}
