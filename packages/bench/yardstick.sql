-- What a careful DBA does by hand with a file of transactions, in an empty database: the yardstick of `npm run bench`.
-- The clock stands still up to the line that says so. The bench puts the path of the file for FILE.
create table seed_accounts (
  id uuid primary key default gen_random_uuid(), account_number varchar(19) unique not null, type varchar(10) not null,
  first_name varchar(45) not null, last_name varchar(45) not null, dob date not null, email varchar(255) not null);
create table seed_transactions (
  id uuid primary key default gen_random_uuid(), account_id uuid not null references seed_accounts (id),
  transaction_ts timestamp not null, transaction numeric(14, 2) not null);
create index on seed_transactions (account_id, transaction_ts);
create unlogged table staging (
  account_number text, first_name text, last_name text, dob date, email text, type text,
  operation_id uuid, transaction_ts timestamp, transaction numeric(14, 2));
-- The clock starts here.
\copy staging from 'FILE' csv header
insert into seed_accounts (account_number, type, first_name, last_name, dob, email)
  select distinct on (account_number) account_number, type, first_name, last_name, dob, email from staging;
insert into seed_transactions
  select operation_id, a.id, transaction_ts, transaction from staging join seed_accounts a using (account_number);
