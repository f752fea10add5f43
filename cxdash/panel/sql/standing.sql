-- One row for a customer and a month in which a spell was running: how they stood at its end.
-- month is 12 * year + month - 1. Who leaves and comes back within a month is there with the later
-- spell only: one row, not two.
with spells as (
  select
    customer_id, spell,
    cast(12 * extract(year from started_on) + extract(month from started_on) - 1 as int) as from_month,
    cast(coalesce(12 * extract(year from left_on) + extract(month from left_on) - 1, 999999) as int) as left_month,
    cast(coalesce(12 * extract(year from notice_on) + extract(month from notice_on) - 1, 999999) as int) as notice_month,
    cast(coalesce(12 * extract(year from next_started_on) + extract(month from next_started_on) - 1, 999999) as int) as next_month,
    cast(12 * extract(year from first_started_on) + extract(month from first_started_on) - 1 as int) as first_month
  from panel_spells
)
select
  s.customer_id, m.month, m.ends_on,
  cast(s.spell as int) as spell,
  case when s.left_month > m.month then 1 else 0 end as active,
  case when s.notice_month <= m.month then 1 else 0 end as under_notice,
  m.month - s.first_month as tenure_months
from spells as s
join panel_months as m
  on m.month >= s.from_month and m.month <= s.left_month and m.month < s.next_month
