-- Without contracts a customer counts as gone :idle_months months after the last purchase.
-- The rule is stated wherever a number rests on it.
with marked as (
  select
    customer_id, bought_on as dated,
    lag(bought_on) over (partition by customer_id order by bought_on) as before
  from panel_bought
),
numbered as (
  select
    customer_id, dated,
    sum(case when before is null or dated > before + interval ':idle_months' month then 1 else 0 end) over (
      partition by customer_id order by dated rows between unbounded preceding and current row
    ) as spell
  from marked
),
merged as (
  select
    customer_id, spell,
    min(dated) as started_on,
    cast(max(dated) + interval ':idle_months' month as date) as left_on
  from numbered
  group by customer_id, spell
)
select
  customer_id, spell, started_on, left_on,
  left_on as notice_on,
  lead(started_on) over (partition by customer_id order by spell) as next_started_on,
  min(started_on) over (partition by customer_id) as first_started_on
from merged
