-- One item answered: whose it is, when, its band, and the customer's state that day.
-- matched: the customer is known from finance or the customer list.
-- after_goodbye: given on or after the day the customer said goodbye, so it predicts nothing.
with whose as (
  select
    r.row_key, r.response_id, r.survey, r.unit, r.touchpoint,
    cast(r.answered_at as date) as answered_on, r.answered_at,
    coalesce(k.customer_id, r.customer_id, o.customer_id) as customer_id
  from responses as r
  left join panel_purchases as o on o.order_id = r.order_id
  left join panel_links as k on k.alias = r.customer_id
  where r.is_current
),
known as (
  select customer_id from panel_people
  union select customer_id from panel_contracts
  union select customer_id from panel_purchases where customer_id is not null
  union select customer_id from panel_money where customer_id is not null
)
select
  w.row_key, w.response_id, w.survey, w.unit, w.touchpoint, w.answered_on, w.answered_at,
  w.customer_id,
  n.customer_id is not null as matched,
  s.item, s.variant, s.value, s.scale_low, s.scale_high, s.high_is_good,
  b.band, b.position as band_position,
  p.started_on as spell_started_on,
  p.left_on,
  coalesce(p.notice_on <= w.answered_on, false) or coalesce(p.left_on <= w.answered_on, false) as after_goodbye
from whose as w
join scores as s on s.row_key = w.row_key and s.is_current
left join panel_bands as b
  on b.variant = s.variant and b.high_is_good = s.high_is_good
  and s.value >= b.value_low and s.value <= b.value_high
left join known as n on n.customer_id = w.customer_id
left join panel_spells as p
  on p.customer_id = w.customer_id and p.started_on <= w.answered_on
  and (p.next_started_on is null or w.answered_on < p.next_started_on)
