-- What contracts come to beside what was invoiced, over the :months that end with month :last: one row a currency,
-- in that currency. Only customers are counted whose contracts ran at the end of every one of these months and named
-- their amount, and of whom revenue is loaded in that currency, in at least :billed of these months. What is declared
-- one-off is no fee and left out, unless everything is declared so.
with running as (
  select
    coalesce(k.customer_id, s.customer_id) as customer_id, s.currency, m.month,
    sum(s.monthly_amount) as fee, count(*) - count(s.monthly_amount) as unpriced
  from subscriptions as s
  left join panel_links as k on k.alias = s.customer_id
  join panel_months as m
    on m.month > :last - :months and m.month <= :last
    -- Looked at a day before the month ends: a contract that ends with it and one that goes on from the next day
    -- each have their months, and one that takes over on the last day is not counted beside the other.
    and s.started_on < m.ends_on and (s.ended_on is null or s.ended_on >= m.ends_on)
  where s.is_current
  group by 1, 2, 3
),
covered as (
  select customer_id, currency, sum(fee) as fees
  from running
  group by customer_id, currency
  having count(*) = :months and sum(unpriced) = 0
),
recurring as (
  select count(*) as kept from panel_money where revenue_kind = 'recurring'
),
dated as (
  select
    v.customer_id, v.currency, v.amount_paid,
    cast(12 * extract(year from v.dated) + extract(month from v.dated) - 1 as int) as month
  from panel_money as v
  cross join recurring as r
  where v.customer_id is not null and v.dated is not null and (v.revenue_kind <> 'one-off' or r.kept = 0)
),
billed as (
  select
    customer_id, currency,
    count(distinct case when month > :last - :months and month <= :last and amount_paid > 0 then month end) as months,
    sum(case when month > :last - :months and month <= :last then amount_paid else 0 end) as invoices
  from dated
  group by customer_id, currency
)
select c.currency, count(*) as customers, sum(c.fees) as fees, sum(b.invoices) as invoices
from covered as c
join billed as b on b.customer_id = c.customer_id and b.currency = c.currency
where b.months >= :billed
group by c.currency
