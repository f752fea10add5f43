-- What customers answered at each stage after :since up to :as_of: one row a stage, item, customer and band.
select
  s.stage, a.item, a.variant, a.high_is_good, a.customer_id, a.band,
  count(*) as n, sum(a.value) as total
from panel_answers as a
join responses as r on r.row_key = a.row_key and r.is_current
join journey_stages as s
  on s.what = 'answer' and s.place = coalesce(r.touchpoint, r.survey, '')
where a.answered_on > :since and a.answered_on <= :as_of and a.band is not null and not a.after_goodbye
and not exists (
  select 1 from farewell_items as f
  where f.survey = coalesce(a.survey, '') and f.item = a.item and f.variant = a.variant
)
group by s.stage, a.item, a.variant, a.high_is_good, a.customer_id, a.band
