-- Each rating of an item given after :since and by :until, the one the same customer gave before it, and the
-- next one by :until.
with given as (
  select customer_id, answered_on, value, band_position, answered_at, response_id,
    lag(value) over (partition by customer_id order by answered_at, response_id) as value_earlier,
    lead(value) over (partition by customer_id order by answered_at, response_id) as value_next,
    lead(answered_on) over (partition by customer_id order by answered_at, response_id) as next_on
  from panel_answers
  where item = :item and variant = :variant and matched and answered_on <= :until
)
select customer_id, answered_on, value, band_position, value_earlier, value_next, next_on
from given
where answered_on >= :since
