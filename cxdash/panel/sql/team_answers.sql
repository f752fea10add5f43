-- Answers of customers about a unit by month and item: how many, their sum, sum of squares, and by how many
-- customers. Surveys that come with a goodbye (farewell_items) are left out. :filtered: only customers among
-- team_customers count.
select
  a.unit,
  cast(12 * extract(year from a.answered_on) + extract(month from a.answered_on) - 1 as int) as month,
  a.item, a.variant, a.high_is_good,
  min(a.scale_low) as scale_low, max(a.scale_high) as scale_high,
  count(*) as n, sum(a.value) as total, sum(a.value * a.value) as squares,
  count(distinct a.customer_id) as customers
from panel_answers as a
where a.unit is not null and a.answered_on <= :as_of
and (:filtered = 0 or a.customer_id in (select customer_id from team_customers))
and not exists (
  select 1 from farewell_items as f
  where f.survey = coalesce(a.survey, '') and f.item = a.item and f.variant = a.variant
)
group by a.unit, 2, a.item, a.variant, a.high_is_good
