/*
 * The one way of live money into the ledger: a group of operations in one call, which is one transaction and one commit. The
 * order of locks is that of post-transactions.ts: keys (nobody waits for one), accounts sorted by id, then rows, months,
 * balances. Whatever dies, all of it is there or nothing; who got no answer asks again with the same keys.
 *
 * 1. A key that somebody else is at work on is told at once.
 * 2. The accounts are locked. From here on nobody else changes anything that a decision depends on.
 * 3. In a later statement, which sees what was committed meanwhile: keys that are known, transfers to reverse, ids taken.
 * 4. The operations are decided in their order, each on the balances that those before it leave.
 * 5. What was decided is written, table by table. CHECKs of the tables are the last net, they never decide.
 */
export const postOperationsSql = `
    create type operation as (
      no integer,
      caller text,
      key text,
      request_hash bytea,
      kind text,
      transfer_id uuid,
      from_account_id bigint,
      to_account_id bigint,
      amount_minor bigint,
      currency text,
      -- Null: now. The month is then found by the function.
      occurred_at timestamptz,
      -- By the clocks of the installation's time zone: year * 12 + month - 1.
      month integer,
      reverses uuid,
      -- 'all', 'all but for lack of money', 'none'
      refusals_kept text,
      -- Only accounts that may never be below zero are meant: any other is unknown. Null: all are.
      of_wallets boolean,
      -- What the function decides: 'posted', 'replayed', 'refused', 'refusal replayed', 'in flight', 'key reused'.
      status text,
      reason text,
      account_id bigint,
      from_balance_minor bigint,
      to_balance_minor bigint,
      -- The balance at which the money of an account is at its end.
      from_end_minor bigint,
      to_end_minor bigint
    );

    -- given: operations, numbered from 1. month_starts: moments at which months begin, from first_month on; the last is the
    -- end of the last month.
    create function post_operations(given json, first_month integer, month_starts timestamptz[])
    returns table (
      no integer, status text, reason text, account_id bigint, id uuid, kind text, from_account_id bigint,
      to_account_id bigint, amount_minor bigint, currency text, occurred_at timestamptz, posted_at timestamptz,
      from_balance_minor bigint, to_balance_minor bigint, reverses uuid)
    language plpgsql
    -- A plan is made once for a session, when the tables may still be empty, and kept while they grow.
    set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off
    as $$
    #variable_conflict use_column
    declare
      operations operation[];
      is_free boolean[];
      wanted bigint[];
      ids bigint[];
      balances bigint[];
      ends bigint[];
      minima bigint[];
      currencies text[];
      known record;
      o operation;
      moment timestamptz;
      from_place integer;
      to_place integer;
      reversed uuid[] := '{}';
      used_ids uuid[] := '{}';
      is_any_posted boolean := false;
      of_month integer;
      slot integer;
      zeros constant bigint[] := array_fill(0::bigint, array[48]);
      bigint_max constant bigint := 9223372036854775807;
    begin
      select array_agg(g order by g.no) into operations from json_populate_recordset(null::operation, given) g;
      select array_agg(turn = 1 and pg_try_advisory_xact_lock(hashtextextended(caller || chr(31) || key, 0)) order by no)
        into is_free
        from (select g.no, g.caller, g.key, row_number() over (partition by g.caller, g.key order by g.no) as turn
              from unnest(operations) g) as keys;

      select array_agg(distinct a.id) into wanted
        from unnest(operations) g left join transfers r on r.id = g.reverses
        cross join lateral (values (g.from_account_id), (g.to_account_id), (r.from_account_id), (r.to_account_id)) a (id)
        where is_free[g.no];
      select array_agg(a.id), array_agg(a.balance_minor), array_agg(a.min_balance_minor), array_agg(a.currency),
             array_agg(coalesce(a.min_balance_minor, 0))
        into ids, balances, minima, currencies, ends
        from (select * from accounts where id = any(wanted) order by id for no key update) as a;
      moment := clock_timestamp();

      for known in
        select g.no, t.id as known_id, f.reason as known_reason, f.account_id as known_account_id,
          coalesce(t.request_hash, f.request_hash) = g.request_hash as is_same,
          r.id as original_id, r.from_account_id as original_from, r.to_account_id as original_to,
          r.amount_minor as original_amount, r.currency as original_currency,
          exists (select from transfers b where b.reverses = g.reverses) as is_reversed,
          exists (select from transfers b where b.id = g.transfer_id) as is_id_taken,
          exists (select from transactions b where b.id = g.transfer_id
                  and b.account_id = coalesce(g.from_account_id, r.to_account_id)) as is_from_taken,
          exists (select from transactions b where b.id = g.transfer_id
                  and b.account_id = coalesce(g.to_account_id, r.from_account_id)) as is_to_taken
        from unnest(operations) g
        left join transfers t on t.caller = g.caller and t.key = g.key
        left join refusals f on f.caller = g.caller and f.key = g.key
        left join transfers r on r.id = g.reverses
        order by g.no
      loop
        o := operations[known.no];
        o.status := null;
        if not is_free[o.no] then
          o.status := 'in flight';
        elsif not known.is_same then
          o.status := 'key reused';
        elsif known.known_id is not null then
          o.status := 'replayed';
          o.transfer_id := known.known_id;
        elsif known.known_reason is not null then
          o.status := 'refusal replayed';
          o.reason := known.known_reason;
          o.account_id := known.known_account_id;
        else
          if o.reverses is not null then
            o.from_account_id := known.original_to;
            o.to_account_id := known.original_from;
            o.amount_minor := known.original_amount;
            o.currency := known.original_currency;
          end if;
          from_place := array_position(ids, o.from_account_id);
          to_place := array_position(ids, o.to_account_id);
          if o.of_wallets and minima[from_place] is distinct from 0 then
            from_place := null;
          end if;
          if o.of_wallets and minima[to_place] is distinct from 0 then
            to_place := null;
          end if;
          o.reason := case
            when o.reverses is not null and known.original_id is null then 'TRANSFER_UNKNOWN'
            when known.is_reversed or o.reverses = any(reversed) then 'ALREADY_REVERSED'
            when o.from_account_id = o.to_account_id then 'ACCOUNTS_MUST_DIFFER'
            when o.from_account_id is not null and from_place is null
              or o.to_account_id is not null and to_place is null then 'ACCOUNT_UNKNOWN'
            when currencies[from_place] <> o.currency or currencies[to_place] <> o.currency then 'CURRENCY_MISMATCH'
            when known.is_id_taken or known.is_from_taken or known.is_to_taken
              or o.transfer_id = any(used_ids) then 'ID_TAKEN'
            when balances[from_place] < minima[from_place] + o.amount_minor::numeric then 'INSUFFICIENT_FUNDS'
            when balances[from_place] < o.amount_minor - bigint_max
              or balances[to_place] > bigint_max - o.amount_minor then 'BALANCE_OUT_OF_RANGE'
          end;
          if o.reason is null then
            o.status := 'posted';
            is_any_posted := true;
            if from_place is not null then
              balances[from_place] := balances[from_place] - o.amount_minor;
              o.from_balance_minor := balances[from_place];
              o.from_end_minor := ends[from_place];
            end if;
            if to_place is not null then
              balances[to_place] := balances[to_place] + o.amount_minor;
              o.to_balance_minor := balances[to_place];
              o.to_end_minor := ends[to_place];
            end if;
            used_ids := used_ids || o.transfer_id;
            if o.reverses is not null then
              reversed := reversed || o.reverses;
            end if;
            if o.occurred_at is null then
              -- Those of a group follow one another, as they were decided.
              o.occurred_at := moment + o.no * interval '1 microsecond';
              o.month := first_month + width_bucket(o.occurred_at, month_starts) - 1;
              if o.month < first_month or o.month - first_month >= cardinality(month_starts) - 1 then
                raise exception 'The clock of the database is months away from that of the service: %.', moment;
              end if;
            end if;
          else
            o.status := 'refused';
            o.account_id := case
              when o.reason = 'INSUFFICIENT_FUNDS' then o.from_account_id
              when o.reason = 'ACCOUNT_UNKNOWN' then
                case when o.from_account_id is not null and from_place is null then o.from_account_id else o.to_account_id end
              when o.reason = 'CURRENCY_MISMATCH' then
                case when currencies[from_place] <> o.currency then o.from_account_id else o.to_account_id end
              when o.reason = 'BALANCE_OUT_OF_RANGE' then
                case when balances[from_place] < o.amount_minor - bigint_max then o.from_account_id else o.to_account_id end
              when o.reason = 'ID_TAKEN' and known.is_from_taken then coalesce(o.from_account_id, o.to_account_id)
              when o.reason = 'ID_TAKEN' and known.is_to_taken then o.to_account_id
            end;
          end if;
        end if;
        operations[o.no] := o;
      end loop;

      if is_any_posted then
        insert into transfers
          select g.transfer_id, g.kind, g.caller, g.key, g.request_hash, g.from_account_id, g.to_account_id, g.amount_minor,
            g.currency, g.occurred_at, moment + g.no * interval '1 microsecond', g.from_balance_minor, g.to_balance_minor, g.reverses
          from unnest(operations) g where g.status = 'posted' order by g.transfer_id;

        insert into transactions (account_id, id, occurred_at, amount_minor)
          select leg.account_id, g.transfer_id, g.occurred_at, leg.amount_minor
          from unnest(operations) g
          cross join lateral (values (g.from_account_id, -g.amount_minor), (g.to_account_id, g.amount_minor))
            as leg (account_id, amount_minor)
          where g.status = 'posted' and leg.account_id is not null
          order by leg.account_id, g.transfer_id;

        for of_month in select distinct g.month from unnest(operations) g where g.status = 'posted' order by 1 loop
          slot := of_month % 12 * 4;
          insert into account_years as y (account_id, year, figures)
            select leg.account_id, of_month / 12, zeros[1:slot] || array[
              count(*) filter (where leg.amount_minor > 0), coalesce(sum(leg.amount_minor) filter (where leg.amount_minor > 0), 0),
              count(*) filter (where leg.amount_minor < 0), coalesce(sum(leg.amount_minor) filter (where leg.amount_minor < 0), 0)
              ]::bigint[] || zeros[slot + 5:48]
            from unnest(operations) g
            cross join lateral (values (g.from_account_id, -g.amount_minor), (g.to_account_id, g.amount_minor))
              as leg (account_id, amount_minor)
            where g.status = 'posted' and g.month = of_month and leg.account_id is not null
            group by leg.account_id order by leg.account_id
          on conflict (account_id, year) do update set
            figures[slot + 1] = y.figures[slot + 1] + excluded.figures[slot + 1],
            figures[slot + 2] = y.figures[slot + 2] + excluded.figures[slot + 2],
            figures[slot + 3] = y.figures[slot + 3] + excluded.figures[slot + 3],
            figures[slot + 4] = y.figures[slot + 4] + excluded.figures[slot + 4];
        end loop;

        update accounts a set balance_minor = b.balance_minor
          from unnest(ids, balances) as b (id, balance_minor)
          where a.id = b.id and a.balance_minor <> b.balance_minor;

        insert into events (account_id, type, transfer_id)
          select leg.account_id, e.type, g.transfer_id
          from unnest(operations) g
          cross join lateral (values
              (1, g.from_account_id, -g.amount_minor, g.from_balance_minor, g.from_end_minor),
              (2, g.to_account_id, g.amount_minor, g.to_balance_minor, g.to_end_minor))
            as leg (place, account_id, amount_minor, balance_minor, end_minor)
          cross join lateral (values
              (1, 'transfer_posted', true),
              (2, 'money_exhausted', leg.balance_minor <= leg.end_minor and leg.balance_minor - leg.amount_minor > leg.end_minor),
              (3, 'money_available', leg.balance_minor > leg.end_minor and leg.balance_minor - leg.amount_minor <= leg.end_minor))
            as e (place, type, has_happened)
          where g.status = 'posted' and leg.account_id is not null and e.has_happened
          order by g.no, leg.place, e.place;
      end if;

      insert into refusals (caller, key, request_hash, reason, account_id)
        select g.caller, g.key, g.request_hash, g.reason, g.account_id from unnest(operations) g
        where g.status = 'refused' and g.refusals_kept <> 'none'
          and not (g.refusals_kept = 'all but for lack of money' and g.reason = 'INSUFFICIENT_FUNDS');

      return query
        select g.no, g.status, g.reason, g.account_id, t.id, t.kind, t.from_account_id, t.to_account_id, t.amount_minor,
          t.currency, t.occurred_at, t.posted_at, t.from_balance_minor, t.to_balance_minor, t.reverses
        from unnest(operations) g
        left join transfers t on g.status in ('posted', 'replayed') and t.id = g.transfer_id
        order by g.no;
    end $$;
`;
