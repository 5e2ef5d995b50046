import { isUniqueViolation, type Queryable } from '@passbook/database';
import { accountColumns, type Account } from './read-account.js';
import { clientColumns, type Client } from './read-client.js';
import { isRowId } from './row-id.js';

/** A client as it is asked for. */
export interface NewClient {
  name: string;
  login: string | null;
  email: string | null;
}

/** An account as it is asked for. */
export interface NewAccount {
  /** ISO 4217; the caller has checked that it is one. */
  currency: string;
  /** 0 for a wallet, or less: it begins with a balance of 0; null: it may be overdrawn without limit. */
  minBalanceMinor: bigint | null;
  type: string | null;
}

/** A client without an account. @returns LOGIN_TAKEN when another one has the login */
export function createClient(database: Queryable, client: NewClient): Promise<Client | 'LOGIN_TAKEN'> {
  return unlessTaken(async () => {
    const { rows } = await database.query<Client>(
      `insert into clients as c (name, login, email) values ($1, $2, $3) returning ${clientColumns}`,
      [client.name, client.login, client.email],
    );
    return rows[0]!;
  });
}

/** A client and an account of it in one step. @returns LOGIN_TAKEN when another one has the login: then neither is there */
export function createClientWithAccount(
  database: Queryable,
  client: NewClient,
  account: NewAccount,
): Promise<{ client: Client; account: Account } | 'LOGIN_TAKEN'> {
  return unlessTaken(async () => {
    // The two have names of columns in common; what the account has beside what was asked for is its id and its time.
    const { rows } = await database.query<Client & { accountId: bigint; openedAt: string }>(
      `with c as (insert into clients (name, login, email) values ($1, $2, $3) returning *),
         a as (insert into accounts (client_id, currency, min_balance_minor, type) select id, $4, $5, $6 from c returning *)
       select ${clientColumns}, a.id as "accountId", a.created_at as "openedAt" from c, a`,
      [client.name, client.login, client.email, account.currency, account.minBalanceMinor, account.type],
    );
    const { accountId, openedAt, ...created } = rows[0]!;
    return {
      client: created,
      account: {
        ...account,
        id: accountId,
        clientId: created.id,
        last4: null,
        balanceMinor: 0n,
        createdAt: openedAt,
      },
    };
  });
}

/** An account of a client that is there. @returns CLIENT_UNKNOWN when it is not */
export async function createAccount(
  database: Queryable,
  { clientId, currency, minBalanceMinor, type }: NewAccount & { clientId: bigint },
): Promise<Account | 'CLIENT_UNKNOWN'> {
  if (!isRowId(clientId)) return 'CLIENT_UNKNOWN';
  const { rows } = await database.query<Account>(
    `insert into accounts as a (client_id, currency, min_balance_minor, type)
     select id, $2, $3, $4 from clients where id = $1 returning ${accountColumns}`,
    [clientId, currency, minBalanceMinor, type],
  );
  return rows[0] ?? 'CLIENT_UNKNOWN';
}

async function unlessTaken<T>(create: () => Promise<T>): Promise<T | 'LOGIN_TAKEN'> {
  try {
    return await create();
  } catch (err) {
    if (isUniqueViolation(err, 'clients_login_key')) return 'LOGIN_TAKEN';
    throw err;
  }
}
