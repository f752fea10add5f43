-- Units of the customer list, by :level, month by month after :first up to :last: customers when the month
-- began, how many of them were gone at its end, and what they paid and asked for in it, contacts and cost.
-- :by_fee = 1 takes what the contract says a month costs; else what was paid.
with months as (
  select
    s.customer_id, s.month, s.active, s.contacts, s.contact_cost,
    case when :by_fee = 1 then s.active * coalesce(s.rate, 0) else s.revenue end as money,
    case
      when :level = 'segment' then p.segment
      when :level = 'plan' then p.plan
      when :level = 'region' then p.region
      when :level = 'industry' then p.industry
      when :level = 'owner' then p.owner
      when :level = 'acquired_by' then p.acquired_by
    end as unit
  from panel_customer_months as s
  join panel_people as p on p.customer_id = s.customer_id
  where s.month >= :first and s.month <= :last
)
select
  b.unit, b.month + 1 as month,
  cast(count(*) as int) as customers,
  cast(sum(1 - coalesce(a.active, 0)) as int) as departed,
  cast(coalesce(sum(a.money), 0) as double) as money,
  cast(coalesce(sum(a.contacts), 0) as int) as contacts,
  cast(coalesce(sum(a.contact_cost), 0) as double) as contact_cost
from months as b
left join months as a on a.customer_id = b.customer_id and a.month = b.month + 1
where b.active = 1 and b.unit is not null and b.month < :last
group by b.unit, b.month + 1
