-- What each customer paid around each period of :months months that begins after a landmark month: who was
-- there at its start and end, money a month before, during and after, refunds, whether a contract was added or
-- the plan changed, and what serving cost. With contracts that say what they cost (:by_contract = 1) money is what contracts come
-- to at the month end, so that yearly invoices do not jump; otherwise what was paid over the :months before
-- and in the period, per month as a customer with contracts and per month without. Without contracts
-- (:contractual = 0) a customer is there who bought in the :months before and had bought before them, too, and
-- stays who buys in the period. Who first bought in those months paid for a part of them only, which would look
-- like growth: they came.
with marks as (
  select
    m.month as opens, m.ends_on as opens_on, m.month + :months as closes, e.ends_on as closes_on
  from panel_months as m
  join panel_months as e on e.month = m.month + :months
  where m.month in (:landmarks)
),
spans as (
  select k.opens, m.month, m.month - k.opens as step
  from marks as k
  join panel_months as m on m.month > k.opens - :months and m.month <= k.closes
  where :by_contract = 0 or m.month >= k.opens
),
standing as (
  select
    p.opens, s.customer_id,
    max(case when p.step = 0 and s.active = 1 then 1 else 0 end) as there,
    max(case when p.step = :months and s.active = 1 then 1 else 0 end) as stays,
    max(case when p.step = 0 then s.under_notice else 0 end) as under_notice,
    max(case when p.step = :months then s.tenure_months end) as tenure_after,
    sum(case when p.step = 0 and s.active = 1 then s.rate else 0 end) as rate_before,
    sum(case when p.step = :months and s.active = 1 then s.rate else 0 end) as rate_after,
    sum(case when p.step > 0 and s.active = 1 then s.rate else 0 end) / :months as rate_during,
    sum(case when p.step <= 0 and s.active = 1 then 1 else 0 end) as months_before,
    sum(case when p.step > 0 and s.active = 1 then 1 else 0 end) as months_there,
    sum(case when p.step > 0 then s.contacts else 0 end) as contacts,
    sum(case when p.step > 0 then s.contact_cost else 0 end) as contact_cost
  from spans as p
  join panel_customer_months as s on s.month = p.month
  group by p.opens, s.customer_id
),
takings as (
  select
    p.opens, t.customer_id,
    sum(case when p.step <= 0 then t.revenue else 0 end) as paid_before,
    sum(case when p.step > 0 then t.revenue else 0 end) as paid
  from spans as p
  join panel_takings as t on t.month = p.month
  where :by_contract = 0
  group by p.opens, t.customer_id
),
given_back as (
  select k.opens, v.customer_id, -sum(v.amount) as refunded
  from panel_money as v
  join marks as k on v.dated > k.opens_on and v.dated <= k.closes_on
  where v.customer_id is not null and v.amount < 0
  group by k.opens, v.customer_id
),
buying as (
  select
    k.opens, b.customer_id,
    max(case when b.bought_on <= k.opens_on then 1 else 0 end) as there,
    max(case when b.bought_on > k.opens_on then 1 else 0 end) as stays
  from panel_bought as b
  join marks as k
    on b.bought_on > k.opens_on - interval ':months' month and b.bought_on <= k.closes_on
  where :contractual = 0
  group by k.opens, b.customer_id
),
first_days as (
  select
    k.opens, b.customer_id,
    case when min(b.bought_on) <= k.opens_on - interval ':months' month then 1 else 0 end as is_old
  from panel_bought as b
  join marks as k on b.bought_on <= k.closes_on
  where :contractual = 0
  group by k.opens, k.opens_on, b.customer_id
),
holdings as (
  select
    k.opens, c.customer_id,
    sum(case when c.started_on <= k.opens_on and (c.ended_on is null or c.ended_on > k.opens_on)
      then 1 else 0 end) as contracts_before,
    sum(case when c.started_on <= k.closes_on and (c.ended_on is null or c.ended_on > k.closes_on)
      then 1 else 0 end) as contracts_after,
    min(case when c.started_on <= k.opens_on and (c.ended_on is null or c.ended_on > k.opens_on)
      then c.plan end) as plan_before,
    min(case when c.started_on <= k.closes_on and (c.ended_on is null or c.ended_on > k.closes_on)
      then c.plan end) as plan_after
  from panel_contracts as c
  join marks as k
    on c.started_on <= k.closes_on and (c.ended_on is null or c.ended_on > k.opens_on)
  group by k.opens, c.customer_id
),
everybody as (
  select opens, customer_id from standing where there = 1 or stays = 1 or months_there > 0
  union
  select opens, customer_id from takings where paid_before <> 0 or paid <> 0
)
select
  e.opens,
  e.customer_id,
  case when :contractual = 1 then coalesce(s.there, 0) else coalesce(b.there * f.is_old, 0) end as there,
  case when :contractual = 1 then coalesce(s.stays, 0) else coalesce(b.stays, 0) end as stays,
  case
    when :contractual = 1 then
      case when coalesce(s.there, 0) = 0 and s.stays = 1 and s.tenure_after < :months then 1 else 0 end
    when b.stays = 1 and f.is_old = 0 then 1
    else 0
  end as came,
  coalesce(s.under_notice, 0) as under_notice,
  cast(case
    when :by_contract = 1 then coalesce(s.rate_before, 0)
    when :contractual = 1 then
      case when s.there = 1 then coalesce(t.paid_before, 0) / s.months_before else 0 end
    else case when b.there * f.is_old = 1 then coalesce(t.paid_before, 0) / :months else 0 end
  end as double) as before,
  cast(case
    when :by_contract = 1 then coalesce(s.rate_during, 0)
    else coalesce(t.paid, 0) / :months
  end as double) as during,
  cast(case
    when :by_contract = 1 then coalesce(s.rate_after, 0)
    when :contractual = 1 then
      case when s.stays = 1 then coalesce(t.paid, 0) / s.months_there else 0 end
    else case when b.stays = 1 then coalesce(t.paid, 0) / :months else 0 end
  end as double) as after,
  cast(coalesce(g.refunded, 0) as double) as refunded,
  cast(coalesce(s.months_there, 0) as int) as months_there,
  cast(coalesce(s.contacts, 0) as int) as contacts,
  cast(coalesce(s.contact_cost, 0) as double) as contact_cost,
  case
    when coalesce(h.contracts_after, 0) > coalesce(h.contracts_before, 0) then 1
    when h.plan_before <> h.plan_after then 1
    else 0
  end as added,
  c.segment, coalesce(h.plan_before, c.plan) as plan, c.region, c.industry, c.owner, c.acquired_by
from everybody as e
join marks as k on k.opens = e.opens
left join standing as s on s.opens = e.opens and s.customer_id = e.customer_id
left join takings as t on t.opens = e.opens and t.customer_id = e.customer_id
left join given_back as g on g.opens = e.opens and g.customer_id = e.customer_id
left join buying as b on b.opens = e.opens and b.customer_id = e.customer_id
left join first_days as f on f.opens = e.opens and f.customer_id = e.customer_id
left join holdings as h on h.opens = e.opens and h.customer_id = e.customer_id
left join panel_people as c on c.customer_id = e.customer_id
