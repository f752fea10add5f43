-- Revenue that belongs to no customer or no month, by the reason and the currency as paid. A customer is known from
-- the customer list, a contract or an order; where none of these is loaded, nobody can be missing from them.
with known as (
  select customer_id from panel_people
  union select customer_id from panel_contracts
  union select customer_id from panel_purchases where customer_id is not null
),
listed as (
  select count(*) as n from known
),
placed as (
  select
    v.currency, v.amount_paid, v.customer_id,
    case
      when v.customer_id is null and v.order_id is not null then 'order'
      when v.customer_id is null then 'nobody'
      when k.customer_id is null and s.n > 0 then 'stranger'
      when v.dated is null then 'no day'
    end as what
  from panel_money as v
  cross join listed as s
  left join known as k on k.customer_id = v.customer_id
)
select
  what, currency,
  cast(count(*) as int) as row_count,
  cast(count(distinct customer_id) as int) as customers,
  sum(amount_paid) as amount
from placed
where what is not null
group by what, currency
