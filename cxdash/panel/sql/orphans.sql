-- Survey responses by whether their customer has money: pays, known but nothing is paid, unknown, or nobody named.
with whose as (
  select coalesce(k.customer_id, r.customer_id, o.customer_id) as customer_id
  from responses as r
  left join panel_purchases as o on o.order_id = r.order_id
  left join panel_links as k on k.alias = r.customer_id
  where r.is_current
),
paying as (
  select customer_id from panel_money where customer_id is not null
  union select customer_id from panel_contracts where monthly_amount is not null
),
known as (
  select customer_id from panel_people
  union select customer_id from panel_contracts
  union select customer_id from panel_purchases where customer_id is not null
)
select
  case
    when w.customer_id is null then 'nobody'
    when p.customer_id is not null then 'pays'
    when n.customer_id is not null then 'unpaid'
    else 'stranger'
  end as what,
  cast(count(*) as int) as answers,
  cast(count(distinct w.customer_id) as int) as customers
from whose as w
left join paying as p on p.customer_id = w.customer_id
left join known as n on n.customer_id = w.customer_id
group by 1
