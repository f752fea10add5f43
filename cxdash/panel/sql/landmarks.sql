-- Who was a customer at the end of a landmark month, what they had last answered to :item by then (at most
-- :memory_months months old), and what happened in the :horizon months after. Outcomes are null for a
-- landmark whose window is not over at the end of month :as_of_month. Predictors rest on nothing later than
-- the landmark; outcomes on nothing earlier.
with marks as (
  select m.month, m.ends_on, e.ends_on as window_ends_on, m.month + :horizon <= :as_of_month as closed
  from panel_months as m
  left join panel_months as e on e.month = m.month + :horizon
  where m.month in (:landmarks)
),
last_answer as (
  select customer_id, landmark, value, band, answered_on
  from (
    select
      a.customer_id, k.month as landmark, a.value, a.band, a.answered_on,
      row_number() over (
        partition by a.customer_id, k.month order by a.answered_at desc, a.response_id
      ) as newest
    from panel_answers as a
    join marks as k
      on a.answered_on <= k.ends_on
      and a.answered_on > k.ends_on - interval ':memory_months' month
    where a.item = :item and a.variant = :variant and a.matched and not a.after_goodbye
      and a.band is not null
  ) as ranked
  where newest = 1
),
gone as (
  select customer_id, spell, left_on from panel_spells where left_on is not null
),
costs as (
  select k.month as landmark, s.customer_id, sum(s.contact_cost) as contact_cost, sum(s.contacts) as contacts
  from panel_customer_months as s
  join marks as k on s.month > k.month and s.month <= k.month + :horizon
  where k.closed
  group by 1, 2
),
takings as (
  select
    k.month as landmark, v.customer_id, sum(v.amount) as revenue
  from panel_money as v
  join marks as k on v.dated > k.ends_on and v.dated <= k.window_ends_on
  where k.closed and v.customer_id is not null
  group by 1, 2
)
select
  s.customer_id,
  k.month as landmark,
  k.closed,
  s.under_notice,
  s.tenure_months,
  s.rate,
  a.band,
  a.value as score,
  a.answered_on,
  c.segment, coalesce(c.plan, '') as plan, c.region, c.industry, c.owner, c.acquired_by,
  case when k.closed then case when g.left_on is not null and g.left_on <= k.window_ends_on then 1 else 0 end
  end as left_within,
  case when k.closed then coalesce(z.rate, 0) end as rate_after,
  case when k.closed then cast(coalesce(t.revenue, 0) as double) end as revenue_after,
  case when k.closed then coalesce(d.contact_cost, 0) end as cost_after,
  case when k.closed then coalesce(d.contacts, 0) end as contacts_after
from panel_customer_months as s
join marks as k on k.month = s.month
left join last_answer as a on a.customer_id = s.customer_id and a.landmark = k.month
left join panel_people as c on c.customer_id = s.customer_id
left join gone as g on g.customer_id = s.customer_id and g.spell = s.spell
left join panel_customer_months as z
  on z.customer_id = s.customer_id and z.month = k.month + :horizon and z.active = 1
left join costs as d on d.customer_id = s.customer_id and d.landmark = k.month
left join takings as t on t.customer_id = s.customer_id and t.landmark = k.month
where s.active = 1
