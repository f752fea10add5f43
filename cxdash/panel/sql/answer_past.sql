-- Every usable answer until :as_of with the customer's answer before it and what finance and operations knew at
-- the end of the month before: what the customer paid then and three months earlier, contacts in those three
-- months. Surveys that came with a goodbye (farewell_items) are left out. Null where the customer was not one yet. item_no follows the alphabet of item and variant.
with numbered as (
  select item, variant, row_number() over (order by item, variant) - 1 as item_no
  from (select distinct item, variant from panel_answers) as known
),
given as (
  select
    a.customer_id, n.item_no, a.value, a.band_position,
    cast(12 * extract(year from a.answered_on) + extract(month from a.answered_on) - 1 as int) as month,
    lag(a.value) over (
      partition by a.customer_id, n.item_no order by a.answered_at, a.response_id
    ) as value_before
  from panel_answers as a
  join numbered as n on n.item = a.item and n.variant = a.variant
  where a.matched and not a.after_goodbye and a.band is not null and a.answered_on <= :as_of
  and not exists (
    select 1 from farewell_items as f
    where f.survey = coalesce(a.survey, '') and f.item = a.item and f.variant = a.variant
  )
),
wanted as (
  select distinct customer_id, month from given
),
before as (
  select
    w.customer_id, w.month,
    max(case when m.month = w.month - 1 then m.tenure_months end) as tenure_months,
    max(case when m.month = w.month - 1 then m.rate end) as rate,
    max(case when m.month = w.month - 4 then m.rate end) as rate_earlier,
    sum(case when m.month >= w.month - 3 then m.contacts end) as contacts,
    max(case when m.month = w.month - 1 then 1 else 0 end) as was_customer
  from panel_customer_months as m
  join wanted as w
    on w.customer_id = m.customer_id and m.month >= w.month - 4 and m.month < w.month
  where m.active = 1
  group by w.customer_id, w.month
)
select
  g.customer_id, g.item_no, g.value, g.band_position, g.month, g.value_before,
  s.tenure_months, s.rate, s.rate_earlier,
  case when s.was_customer = 1 then s.contacts end as contacts,
  c.segment
from given as g
left join before as s on s.customer_id = g.customer_id and s.month = g.month
left join panel_people as c on c.customer_id = g.customer_id
