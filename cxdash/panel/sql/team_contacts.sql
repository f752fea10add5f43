-- Contacts each unit dealt with by month: how many, minutes of those that say them, and how many say so.
select
  unit,
  cast(12 * extract(year from contacted_at) + extract(month from contacted_at) - 1 as int) as month,
  count(*) as contacts,
  coalesce(sum(minutes), 0) as minutes,
  count(minutes) as timed
from contacts as t
left join panel_links as k on k.alias = t.customer_id
where t.is_current and unit is not null and cast(contacted_at as date) <= :as_of
and (:filtered = 0 or coalesce(k.customer_id, t.customer_id) in (select customer_id from team_customers))
group by unit, 2
