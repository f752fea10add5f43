-- Every comment of a known customer until :as_of with the mean of the answers beside it, each turned so that the
-- best answer of its scale is 1 and the worst 0. Surveys that came with a goodbye (farewell_items) are left out.
with rated as (
  select
    a.row_key, a.customer_id, a.answered_on,
    sum(case when a.high_is_good then a.value - a.scale_low else a.scale_high - a.value end
        / (a.scale_high - a.scale_low)) / count(*) as score
  from panel_answers as a
  where a.matched and not a.after_goodbye and a.scale_high > a.scale_low and a.answered_on <= :as_of
  and not exists (
    select 1 from farewell_items as f
    where f.survey = coalesce(a.survey, '') and f.item = a.item and f.variant = a.variant
  )
  group by a.row_key, a.customer_id, a.answered_on
),
said as (
  select row_key, min(body) as body from comments where is_current group by row_key
)
select r.row_key, r.customer_id, r.answered_on, r.score, s.body
from said as s
join rated as r on r.row_key = s.row_key
