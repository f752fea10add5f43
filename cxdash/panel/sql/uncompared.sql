-- Customers whose contracts name amounts in one currency and whose invoices are all in another, over the :months that
-- end with month :last: one row for each pair of currencies. Contracts and invoices of these cannot be held against
-- each other. What is declared one-off is left out, unless everything is declared so.
with under_contract as (
  select distinct coalesce(k.customer_id, s.customer_id) as customer_id, s.currency
  from subscriptions as s
  left join panel_links as k on k.alias = s.customer_id
  join panel_months as m
    on m.month > :last - :months and m.month <= :last
    and s.started_on < m.ends_on and (s.ended_on is null or s.ended_on >= m.ends_on)
  where s.is_current and s.monthly_amount > 0
),
recurring as (
  select count(*) as kept from panel_money where revenue_kind = 'recurring'
),
billed as (
  select distinct v.customer_id, v.currency
  from panel_money as v
  cross join recurring as r
  where v.customer_id is not null and v.dated is not null and v.amount_paid > 0
    and (v.revenue_kind <> 'one-off' or r.kept = 0)
    and 12 * extract(year from v.dated) + extract(month from v.dated) - 1 > :last - :months
    and 12 * extract(year from v.dated) + extract(month from v.dated) - 1 <= :last
)
select c.currency as contracts, b.currency as invoices, count(*) as customers
from under_contract as c
join billed as b on b.customer_id = c.customer_id and b.currency <> c.currency
left join billed as same on same.customer_id = c.customer_id and same.currency = c.currency
where same.customer_id is null
group by c.currency, b.currency
