-- Customers a unit served in a month (a contact it dealt with, or an answer about it) who had not said
-- goodbye by its end, and how many of them were gone :months months later. Only months so long before :as_of.
with served as (
  select
    t.unit,
    cast(12 * extract(year from t.contacted_at) + extract(month from t.contacted_at) - 1 as int) as month,
    coalesce(k.customer_id, t.customer_id) as customer_id
  from contacts as t
  left join panel_links as k on k.alias = t.customer_id
  where t.is_current and t.unit is not null and t.customer_id is not null
  union
  select
    unit,
    cast(12 * extract(year from answered_on) + extract(month from answered_on) - 1 as int) as month,
    customer_id
  from panel_answers
  where unit is not null and matched
)
select
  s.unit, s.month,
  count(*) as customers,
  sum(
    case when 12 * extract(year from p.left_on) + extract(month from p.left_on) - 1 <= s.month + :months
    then 1 else 0 end
  ) as gone
from served as s
join panel_months as m on m.month = s.month
join panel_spells as p
  on p.customer_id = s.customer_id and p.started_on <= m.ends_on
  and (p.next_started_on is null or p.next_started_on > m.ends_on)
where (p.left_on is null or p.left_on > m.ends_on) and (p.notice_on is null or p.notice_on > m.ends_on)
and s.month <= :last_month
and (:filtered = 0 or s.customer_id in (select customer_id from team_customers))
group by s.unit, s.month
