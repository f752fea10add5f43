-- Days between one purchase of a customer and the next, and how many customers they stand for: every
-- customer who bought on two days counts once, however often.
with spaced as (
  select
    customer_id,
    bought_on - lag(bought_on) over (partition by customer_id order by bought_on) as days
  from panel_bought
),
known as (
  select customer_id, days from spaced where days is not null
),
shares as (
  select customer_id, 1.0 / count(*) as share from known group by customer_id
)
select k.days, sum(s.share) as customers
from known as k
join shares as s on s.customer_id = k.customer_id
group by k.days
