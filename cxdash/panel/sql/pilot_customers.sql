-- Customers at the end of month :base, with what was known by then and what became of them by the end of
-- month :last. Money and contacts are per month of the stretch, also for months after the customer left.
-- earlier is the stretch of the same length before the one before the start.
-- :by_fee = 1 takes what the contract says a month costs; else what was paid.
with paid as (
  select
    customer_id, month, active, tenure_months, rate, contacts, contact_cost,
    case when :by_fee = 1 then active * coalesce(rate, 0) else revenue end as money
  from panel_customer_months
  where month > :base - 2 * (:last - :base) and month <= :last
),
there as (
  select customer_id, tenure_months, coalesce(rate, 0) as fee from paid where month = :base and active = 1
),
stretches as (
  select
    t.customer_id, t.tenure_months, t.fee,
    coalesce(max(case when p.month = :last then p.active end), 0) as stayed,
    coalesce(sum(case when p.month > :base then p.money end), 0) as money_after,
    coalesce(sum(case when p.month <= :base and p.month > :base - (:last - :base) then p.money end), 0) as money_before,
    coalesce(sum(case when p.month <= :base - (:last - :base) then p.money end), 0) as money_earlier,
    coalesce(sum(case when p.month > :base then p.contacts end), 0) as contacts_after,
    coalesce(sum(case when p.month <= :base and p.month > :base - (:last - :base) then p.contacts end), 0) as contacts_before,
    coalesce(sum(case when p.month <= :base - (:last - :base) then p.contacts end), 0) as contacts_earlier,
    coalesce(sum(case when p.month > :base then p.contact_cost end), 0) as cost_after
  from there as t
  join paid as p on p.customer_id = t.customer_id
  group by t.customer_id, t.tenure_months, t.fee
)
select
  s.customer_id, s.tenure_months, cast(s.fee as double) as fee,
  cast(1 - s.stayed as int) as gone,
  cast(s.money_after as double) / (:last - :base) as money_after,
  cast(s.money_before as double) / (:last - :base) as money_before,
  cast(s.money_earlier as double) / (:last - :base) as money_earlier,
  cast(s.contacts_after as double) / (:last - :base) as contacts_after,
  cast(s.contacts_before as double) / (:last - :base) as contacts_before,
  cast(s.contacts_earlier as double) / (:last - :base) as contacts_earlier,
  cast(s.cost_after as double) / (:last - :base) as cost_after,
  c.segment, c.plan, c.region, c.industry, c.owner, c.acquired_by
from stretches as s
left join panel_people as c on c.customer_id = s.customer_id
