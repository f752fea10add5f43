-- One row a month that has a month a year before it: what customers paid a month at the end of that month a year
-- before, how much of it the same customers still pay, what is paid beyond it by them and by customers who came
-- since, and what serving cost. Money is what a customer pays a month, as in customer_months, while a customer.
with paying as (
  select customer_id, month, sum(case when active = 1 then coalesce(rate, 0) else 0 end) as paid
  from panel_customer_months
  group by customer_id, month
),
pairs as (
  select coalesce(l.month, e.month + 12) as month, coalesce(e.paid, 0) as before, coalesce(l.paid, 0) as after
  from paying as l
  full join paying as e on e.customer_id = l.customer_id and e.month = l.month - 12
),
yearly as (
  select
    month,
    sum(before) as started,
    sum(case when after < before then after else before end) as kept,
    sum(case when after > before then after - before else 0 end) as grown
  from pairs
  group by month
),
served as (
  select month, sum(active) as customers, sum(contact_cost) as cost
  from panel_customer_months
  group by month
)
select
  m.month,
  cast(y.started as double) as started, cast(y.kept as double) as kept, cast(y.grown as double) as grown,
  cast(s.customers as int) as customers, cast(s.cost as double) as cost
from panel_months as m
join served as s on s.month = m.month
left join yearly as y on y.month = m.month
