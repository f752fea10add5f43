-- The last answer to every item that each customer-window of window_rows had behind it, at most
-- :memory_months months old, but for surveys that came with a goodbye (farewell_items). item_no follows the alphabet of item and variant.
with numbered as (
  select item, variant, row_number() over (order by item, variant) - 1 as item_no
  from (select distinct item, variant from panel_answers) as known
),
ranked as (
  select
    w.pos, n.item_no, a.value, a.band_position, w.ends_on - a.answered_on as age_days,
    row_number() over (
      partition by w.pos, n.item_no order by a.answered_at desc, a.response_id
    ) as newest
  from window_rows as w
  join panel_answers as a
    on a.customer_id = w.customer_id
    and a.answered_on <= w.ends_on
    and a.answered_on > w.ends_on - interval ':memory_months' month
  join numbered as n on n.item = a.item and n.variant = a.variant
  where a.matched and not a.after_goodbye and a.band is not null
  and not exists (
    select 1 from farewell_items as f
    where f.survey = coalesce(a.survey, '') and f.item = a.item and f.variant = a.variant
  )
)
select pos, item_no, value, band_position, age_days
from ranked
where newest = 1
