-- What a careful DBA does by hand with the files of four rating agencies: the yardstick of `npm run bench -- --only ratings`.
-- A short row would end a \copy: these files have none.
create table customer_ratings (
  customer text not null, customer_number integer not null, customer_rating integer not null,
  customer_rating_limit integer not null, customer_status varchar(25) not null, primary key (customer, customer_number));
create table customer_rating_errors (
  customer text not null, failed_columns text[] not null, error text not null, payload jsonb not null);
create unlogged table staging_a (customer_number text, customer_rating text, customer_rating_limit text, customer_status text);
create unlogged table staging_b (like staging_a);
create unlogged table staging_c (like staging_a);
create unlogged table staging_d (like staging_a);
create function is_int(given text) returns boolean language sql immutable as $$
  select coalesce(given ~ '^[+-]?[0-9]{1,18}$' and given::bigint between -2147483648 and 2147483647, false) $$;
create procedure load_ratings(agency text, source regclass) language plpgsql as $$
begin
  delete from customer_ratings where customer = agency;
  execute format('insert into customer_rating_errors
    select %L, array_remove(array[
             case when not is_int(customer_number) then ''customer_number'' end,
             case when not is_int(customer_rating) then ''customer_rating'' end,
             case when not is_int(customer_rating_limit) then ''customer_rating_limit'' end,
             case when length(customer_status) between 1 and 25 is not true then ''customer_status'' end], null),
           ''The row does not fit the schema.'', to_jsonb(s)
    from %s s
    where not (is_int(customer_number) and is_int(customer_rating) and is_int(customer_rating_limit)
               and length(customer_status) between 1 and 25) is true', agency, source);
  execute format('insert into customer_ratings
    select distinct on (customer_number::integer)
           %L, customer_number::integer, customer_rating::integer, customer_rating_limit::integer, customer_status
    from %s
    where is_int(customer_number) and is_int(customer_rating) and is_int(customer_rating_limit)
      and length(customer_status) between 1 and 25', agency, source);
end $$;
-- FOLDER is made the path of the files.
-- The clock starts here.
\copy staging_a from 'FOLDER/Customer Rating Agency A Inc.csv' csv header
call load_ratings('Customer Rating Agency A Inc', 'staging_a');
\copy staging_b from 'FOLDER/Customer Rating Agency B Inc.csv' csv header
call load_ratings('Customer Rating Agency B Inc', 'staging_b');
\copy staging_c from 'FOLDER/Customer Rating Agency C Inc.csv' csv header
call load_ratings('Customer Rating Agency C Inc', 'staging_c');
\copy staging_d from 'FOLDER/Customer Rating Agency D Inc.csv' csv header
call load_ratings('Customer Rating Agency D Inc', 'staging_d');
select customer, count(*), sum(customer_rating), count(*) filter (where lower(trim(customer_status)) = 'high-value'),
       coalesce(errors, 0), round(100.0 * coalesce(errors, 0) / (count(*) + coalesce(errors, 0)), 2)
from customer_ratings
left join (select customer, count(*) as errors from customer_rating_errors group by customer) e using (customer)
group by customer, errors order by customer;
