-- How everybody who answered an item in two neighbouring periods stood: whether it is known when they were
-- customers, whether they had said goodbye by the end of the later period, whether they became customers
-- only after the earlier one, and what they paid a month when last seen as a customer.
with asked as (
  select distinct customer_id
  from panel_answers
  where matched and item = :item and variant = :variant
    and answered_on > :before_from and answered_on <= :until
),
stood as (
  select
    s.customer_id,
    max(case when (s.left_on is null or s.left_on > :until)
              and (s.notice_on is null or s.notice_on > :until) then 1 else 0 end) as stays,
    max(case when s.started_on <= :before_until
              and (s.left_on is null or s.left_on > :before_from) then 1 else 0 end) as was_there
  from panel_spells as s
  join asked as a on a.customer_id = s.customer_id
  where s.started_on <= :until
  group by s.customer_id
),
last_seen as (
  select m.customer_id, max(m.month) as month
  from panel_customer_months as m
  join asked as a on a.customer_id = m.customer_id
  where m.active = 1 and m.month <= :month
  group by m.customer_id
)
select
  a.customer_id,
  case when s.customer_id is null then 0 else 1 end as known,
  case when s.stays = 0 then 1 else 0 end as gone,
  case when s.was_there = 0 then 1 else 0 end as is_new,
  p.rate
from asked as a
left join stood as s on s.customer_id = a.customer_id
left join last_seen as l on l.customer_id = a.customer_id
left join panel_customer_months as p on p.customer_id = l.customer_id and p.month = l.month
