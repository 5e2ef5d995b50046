-- What a careful DBA does by hand to reconcile two files of trades: the yardstick of `npm run bench -- --only trades`. The same
-- checks, keys and figures as ours, and the same list of discrepancies. A short row would end a \copy: these files have none.
create table customer_transactions (
  transaction_id text primary key, moment timestamptz not null, amount numeric not null, currency text not null,
  instrument_type text not null, region text not null, trade_type text not null, status text not null);
create table gtr_report (
  reported_id text primary key, moment timestamptz not null, amount numeric not null, currency text not null,
  instrument_type text not null, region text not null, trade_type text not null, reported_status text not null);
create table trade_errors (side text not null, failed_columns text[] not null, payload jsonb not null);
create unlogged table staging_customer (
  id text, moment text, amount text, currency text, instrument_type text, region text, trade_type text, status text);
create unlogged table staging_gtr (like staging_customer);
-- Inlined into the statements that ask it.
create function is_valid(id text, moment text, amount text, currency text, instrument text, region text, trade_type text, status text)
returns boolean language sql stable as $$
  select coalesce(
    length(id) between 1 and 100 and moment ~ '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)?$'
    and pg_input_is_valid(moment, 'timestamptz') and amount ~ '^[+-]?\d{1,30}(\.\d{1,20})?$' and currency ~ '^ *[A-Za-z]{3} *$'
    and length(instrument) between 1 and 50 and length(region) between 1 and 50
    and length(trade_type) between 1 and 50 and length(status) between 1 and 50, false) $$;
create view good_customer as select * from staging_customer
  where is_valid(id, moment, amount, currency, instrument_type, region, trade_type, status);
create view good_gtr as select * from staging_gtr
  where is_valid(id, moment, amount, currency, instrument_type, region, trade_type, status);
create function faults_of(s anyelement) returns text[] language sql stable as $$
  select array_remove(array[
    case when length(s.id) between 1 and 100 is not true then 'id' end,
    case when pg_input_is_valid(s.moment, 'timestamptz') is not true then 'timestamp' end,
    case when s.amount ~ '^[+-]?\d{1,30}(\.\d{1,20})?$' is not true then 'amount' end,
    case when s.currency ~ '^ *[A-Za-z]{3} *$' is not true then 'currency' end,
    case when length(s.instrument_type) between 1 and 50 is not true then 'instrument_type' end,
    case when length(s.region) between 1 and 50 is not true then 'region' end,
    case when length(s.trade_type) between 1 and 50 is not true then 'trade_type' end,
    case when length(s.status) between 1 and 50 is not true then 'status' end], null) $$;
-- The clock starts here.
\copy staging_customer from 'FOLDER/customer_transactions.csv' csv header
\copy staging_gtr from 'FOLDER/gtr_report.csv' csv header
insert into trade_errors select 'customer', faults_of(s), to_jsonb(s) from staging_customer s
  where not is_valid(id, moment, amount, currency, instrument_type, region, trade_type, status);
insert into trade_errors select 'repository', faults_of(s), to_jsonb(s) from staging_gtr s
  where not is_valid(id, moment, amount, currency, instrument_type, region, trade_type, status);
insert into customer_transactions
  select distinct on (id) id, moment::timestamptz, amount::numeric, currency, instrument_type, region, trade_type, status
  from good_customer;
insert into gtr_report
  select distinct on (id) id, moment::timestamptz, amount::numeric, currency, instrument_type, region, trade_type, status
  from good_gtr;
analyze customer_transactions;
analyze gtr_report;
create temporary table reconciled as
  select *,
    case when reported_id is null and rules = '{}' then 'missing_in_repository' when transaction_id is null then 'missing_in_customer'
         when rules <> '{}' then 'not_eligible' when fields <> '{}' then 'mismatched' else 'matched' end as class
  from (
    select c.transaction_id, g.reported_id, c.amount, c.currency, c.instrument_type,
      g.amount as reported_amount, g.currency as reported_currency, g.instrument_type as reported_instrument_type,
      case when c.transaction_id is null then '{}' else array_remove(array[
        case when c.amount <= 1000000 then 'amount' end,
        case when lower(trim(c.trade_type)) not in ('new', 'amend') then 'trade_type' end,
        case when lower(trim(c.status)) <> 'settled' then 'status' end,
        case when lower(trim(c.region)) not in ('eu', 'apac') then 'region' end], null) end as rules,
      array_remove(array[
        case when c.amount <> g.amount then 'amount' end,
        case when lower(trim(c.currency)) <> lower(trim(g.currency)) then 'currency' end,
        case when lower(trim(c.instrument_type)) <> lower(trim(g.instrument_type)) then 'instrument_type' end], null) as fields
    from customer_transactions c full join gtr_report g on g.reported_id = c.transaction_id) joined;
select class, count(transaction_id), count(reported_id) from reconciled group by class;
select fields, count(*) from reconciled where class = 'mismatched' group by fields;
select rules, count(*) from reconciled where class = 'not_eligible' group by rules;
-- Rows that repeat a key: are they the same?
with repeated as (select id from staging_customer group by id having count(*) > 1)
select count(*), count(*) filter (where (s.moment::timestamptz, s.amount::numeric, s.currency, s.instrument_type, s.region, s.trade_type, s.status)
  = (c.moment, c.amount, c.currency, c.instrument_type, c.region, c.trade_type, c.status))
from repeated join good_customer s using (id) join customer_transactions c on c.transaction_id = s.id;
with repeated as (select id from staging_gtr group by id having count(*) > 1)
select count(*), count(*) filter (where (s.moment::timestamptz, s.amount::numeric, s.currency, s.instrument_type, s.region, s.trade_type, s.status)
  = (g.moment, g.amount, g.currency, g.instrument_type, g.region, g.trade_type, g.reported_status))
from repeated join good_gtr s using (id) join gtr_report g on g.reported_id = s.id;
\copy (select * from reconciled where class <> 'matched' order by coalesce(transaction_id, reported_id)) to 'FOLDER/discrepancies.csv' csv header
