-- What a customer's contracts come to: one row for each stretch of months at whose ends the same
-- contracts run, from_month up to but not with until_month. rate is their sum a month.
with running as (
  select
    customer_id, plan, monthly_amount,
    cast(12 * extract(year from started_on) + extract(month from started_on) - 1 as int) as from_month,
    cast(12 * extract(year from ended_on) + extract(month from ended_on) - 1 as int) as until_month
  from panel_contracts
),
turns as (
  select customer_id, from_month as month from running
  union
  select customer_id, until_month as month from running where until_month is not null
),
stretches as (
  select
    customer_id, month as from_month,
    coalesce(lead(month) over (partition by customer_id order by month), 999999) as until_month
  from turns
)
select
  s.customer_id, s.from_month, s.until_month,
  sum(r.monthly_amount) as rate, min(r.plan) as plan
from stretches as s
join running as r
  on r.customer_id = s.customer_id and r.from_month <= s.from_month
  and coalesce(r.until_month, 999999) > s.from_month
group by s.customer_id, s.from_month, s.until_month
