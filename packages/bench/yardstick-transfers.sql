-- A transfer as a careful DBA would write it for one at a time: the rows that the ledger writes, in its tables, under its
-- constraints. Months are of UTC. It knows transfers between wallets alone: no reversals, no transactions in the past, no
-- refusals kept, no transfer of another currency, no key at work elsewhere.
create function yardstick_transfer(given_key text, given_id uuid, one bigint, other bigint, amount bigint) returns uuid
language plpgsql as $$
declare
  known uuid;
  moment timestamptz := clock_timestamp();
  slot integer := (extract(month from moment at time zone 'UTC')::integer - 1) * 4;
  zeros constant bigint[] := array_fill(0::bigint, array[48]);
  one_balance bigint;
  other_balance bigint;
begin
  select id into known from transfers where caller = 'yardstick' and key = given_key;
  if found then
    return known;
  end if;
  perform from accounts where id in (one, other) order by id for no key update;
  update accounts set balance_minor = balance_minor - amount
    where id = one and balance_minor >= min_balance_minor + amount returning balance_minor into one_balance;
  if not found then
    raise exception 'The wallet % does not have that much.', one;
  end if;
  update accounts set balance_minor = balance_minor + amount where id = other returning balance_minor into other_balance;
  insert into transfers values (given_id, 'transfer', 'yardstick', given_key, '\x', one, other, amount, 'USD', moment, moment,
    one_balance, other_balance, null);
  insert into transactions (account_id, id, occurred_at, amount_minor)
    values (one, given_id, moment, -amount), (other, given_id, moment, amount);
  insert into account_years as y (account_id, year, figures)
    select leg.account_id, extract(year from moment at time zone 'UTC'), zeros[1:slot] || leg.figures || zeros[slot + 5:48]
    from (values (one, array[0, 0, 1, -amount]), (other, array[1, amount, 0, 0])) as leg (account_id, figures)
    order by leg.account_id
    on conflict (account_id, year) do update set
      figures[slot + 1] = y.figures[slot + 1] + excluded.figures[slot + 1],
      figures[slot + 2] = y.figures[slot + 2] + excluded.figures[slot + 2],
      figures[slot + 3] = y.figures[slot + 3] + excluded.figures[slot + 3],
      figures[slot + 4] = y.figures[slot + 4] + excluded.figures[slot + 4];
  insert into events (account_id, type, transfer_id)
    values (one, 'transfer_posted', given_id), (other, 'transfer_posted', given_id);
  return given_id;
end $$;
