// What the reconciliation of generated trades must find, counted while they are written.

/** The rules of who is eligible, in the words of the default configuration. */
export const rules = ['amount', 'trade_type', 'status', 'region'];
export const compared = ['amount', 'currency', 'instrument_type'];

/** Counts slot by slot what the two files say; `book` knows that. */
export function makeTally() {
  const classes = { matched: 0, mismatched: 0, not_eligible: 0, duplicate: 0, invalid: 0 };
  const customer = { rows: 0, ...classes, missing_in_repository: 0 };
  const repository = { rows: 0, ...classes, missing_in_customer: 0 };
  const none = (names) => Object.fromEntries(names.map((name) => [name, 0]));
  const fields = none(compared);
  const combinations = {};
  const excludes = none(rules);
  const excludesAlone = none(rules);
  const inBoth = (slot, book) => (book.differing(slot).length > 0 ? 'mismatched' : 'matched');
  const addMismatch = (differing) => {
    for (const field of differing) fields[field] += 1;
    const combination = differing.join('+');
    combinations[combination] = (combinations[combination] ?? 0) + 1;
  };
  const addExcluded = (excludedBy) => {
    for (const rule of excludedBy) excludes[rule] += 1;
    if (excludedBy.length === 1) excludesAlone[excludedBy[0]] += 1;
  };
  return {
    addCustomer(slot, book) {
      const kind = book.customerKind(slot);
      customer.rows += 1;
      if (kind !== 'held') return void (customer[kind === 'repeat' ? 'duplicate' : 'invalid'] += 1);
      const { excludedBy } = book.describe(slot);
      const isReported = book.repositoryKind(slot) === 'held';
      const found =
        excludedBy.length > 0 ? 'not_eligible' : isReported ? inBoth(slot, book) : 'missing_in_repository';
      customer[found] += 1;
      addExcluded(excludedBy);
      if (found === 'mismatched') addMismatch(book.differing(slot));
    },
    addRepository(slot, book) {
      const kind = book.repositoryKind(slot);
      if (kind === 'absent') return;
      repository.rows += 1;
      if (kind === 'repeat') repository.duplicate += 1;
      else if (kind === 'invalid' || kind === 'conflict') repository.invalid += 1;
      else if (kind === 'own' || book.customerKind(slot) !== 'held') repository.missing_in_customer += 1;
      else if (book.describe(slot).excludedBy.length > 0) repository.not_eligible += 1;
      else repository[inBoth(slot, book)] += 1;
    },
    read: () => ({ customer, repository, fields, combinations, excludes, excludesAlone }),
  };
}
