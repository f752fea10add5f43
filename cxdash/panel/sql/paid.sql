-- What each customer paid up to :as_of and the band of the last answer to :item by then.
with last_answer as (
  select customer_id, band
  from (
    select
      customer_id, band,
      row_number() over (partition by customer_id order by answered_at desc, response_id) as newest
    from panel_answers
    where item = :item and variant = :variant and matched and band is not null
      and answered_on <= :as_of
  ) as ranked
  where newest = 1
),
takings as (
  select customer_id, cast(sum(amount) as double) as paid
  from panel_money
  where customer_id is not null and dated <= :as_of
  group by customer_id
)
select t.customer_id, t.paid, a.band
from takings as t
join last_answer as a on a.customer_id = t.customer_id
