-- How each customer without a contract bought so far: days with a purchase after the first one, days from the
-- first to the last of them and to :as_of, and the mean spend of a day after the first.
with days as (
  select b.customer_id, b.bought_on, coalesce(p.amount, 0) as amount
  from panel_bought as b
  left join (
    select customer_id, dated, sum(amount) as amount
    from panel_money
    where customer_id is not null and dated is not null
    group by customer_id, dated
  ) as p on p.customer_id = b.customer_id and p.dated = b.bought_on
  where b.bought_on <= :as_of
),
firsts as (
  select customer_id, min(bought_on) as first_on, max(bought_on) as last_on, count(*) as days
  from days
  group by customer_id
),
later as (
  select d.customer_id, sum(d.amount) as amount
  from days as d
  join firsts as f on f.customer_id = d.customer_id and d.bought_on > f.first_on
  group by d.customer_id
)
select
  f.customer_id,
  cast(f.days - 1 as int) as repeats,
  cast(f.last_on - f.first_on as int) as recency_days,
  cast(:as_of - f.first_on as int) as age_days,
  cast(case when f.days > 1 then coalesce(l.amount, 0) / (f.days - 1) else 0 end as double) as mean_spend,
  c.segment, c.plan, c.region, c.industry, c.owner, c.acquired_by
from firsts as f
left join later as l on l.customer_id = f.customer_id
left join panel_people as c on c.customer_id = f.customer_id
