-- What each customer answered in two neighbouring periods: 0 is :before_until backwards, 1 the one after it.
-- A customer's answers to an item within a period are averaged, so that nobody counts twice.
select
  a.customer_id, a.item, a.variant, a.high_is_good,
  coalesce(c.segment, '') as segment,
  case when a.answered_on > :before_until then 1 else 0 end as period,
  sum(a.value) / count(*) as value
from panel_answers as a
left join panel_people as c on c.customer_id = a.customer_id
where a.matched and not a.after_goodbye
  and a.answered_on > :before_from and a.answered_on <= :until
group by a.customer_id, a.item, a.variant, a.high_is_good, coalesce(c.segment, ''),
  case when a.answered_on > :before_until then 1 else 0 end
