import type { Database } from '@passbook/database';

/** Who holds an account, as a file says it. Null: it does not say. */
export interface Holder {
  firstName: string | null;
  lastName: string | null;
  /** `YYYY-MM-DD` */
  bornOn: string | null;
  email: string | null;
}

/** An account as a file brings it. The number itself is only known as its keyed hash and its last four digits. */
export interface AccountOpening {
  /** Hexadecimal. */
  numberHash: string;
  last4: string;
  /** `credit` or `debit`; null where the file does not say */
  type: string | null;
  /** ISO 4217 */
  currency: string;
  holder: Holder;
}

export interface KnownAccount extends AccountOpening {
  id: bigint;
}

/**
 * Opens the accounts that are not there yet, each with its client, and returns all of them by the hash of their number.
 * An account that is there keeps its holder, type and currency. Commits before it returns; any number of processes may
 * open the same accounts at once.
 */
export async function openAccounts(
  database: Database,
  openings: readonly AccountOpening[],
): Promise<Map<string, KnownAccount>> {
  const hashes = openings.map((opening) => opening.numberHash);
  await database.query(
    // Sorted by hash, so that two processes that open the same accounts wait for each other and never deadlock.
    `with given as (
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::text[])
         as g (hash, last4, type, currency, first_name, last_name, born_on, email)
     ), opened as (
       insert into accounts (client_id, number_hash, number_last4, type, currency)
       select nextval(pg_get_serial_sequence('clients', 'id')), decode(hash, 'hex'), last4, type, currency
       from given where not exists (select 1 from accounts where number_hash = decode(hash, 'hex'))
       order by hash
       on conflict (number_hash) do nothing
       returning client_id, encode(number_hash, 'hex') as hash
     )
     insert into clients (id, first_name, last_name, name, born_on, email) overriding system value
     select client_id, first_name, last_name,
       coalesce(nullif(concat_ws(' ', first_name, last_name), ''), 'Account •••• ' || last4), born_on, email
     from opened join given using (hash)`,
    [
      hashes,
      openings.map((opening) => opening.last4),
      openings.map((opening) => opening.type),
      openings.map((opening) => opening.currency),
      openings.map((opening) => opening.holder.firstName),
      openings.map((opening) => opening.holder.lastName),
      openings.map((opening) => opening.holder.bornOn),
      openings.map((opening) => opening.holder.email),
    ],
  );
  return readAccounts(database, hashes);
}

async function readAccounts(
  database: Database,
  hashes: readonly string[],
): Promise<Map<string, KnownAccount>> {
  const { rows } = await database.query<Omit<KnownAccount, 'holder'> & Holder>(
    `select a.id, encode(a.number_hash, 'hex') as "numberHash", a.number_last4 as last4, a.type, a.currency,
            c.first_name as "firstName", c.last_name as "lastName", c.born_on::text as "bornOn", c.email
     from accounts a join clients c on c.id = a.client_id
     where a.number_hash in (select decode(h, 'hex') from unnest($1::text[]) as h)`,
    [hashes],
  );
  return new Map(
    rows.map(({ firstName, lastName, bornOn, email, ...account }) => [
      account.numberHash,
      { ...account, holder: { firstName, lastName, bornOn, email } },
    ]),
  );
}
