-- Customers by month: there when it began (customers at the end of the month before who had not been
-- counted as gone), and how many of them were no longer there at its end. month is 12 * year + month - 1.
-- A customer who leaves and comes back within a month never went.
with there as (
  select customer_id, month from panel_customer_months where active = 1
)
select
  b.month + 1 as month,
  count(*) as customers,
  cast(sum(case when a.customer_id is null then 1 else 0 end) as int) as departed
from there as b
left join there as a on a.customer_id = b.customer_id and a.month = b.month + 1
where b.month >= :first_month and b.month < :last_month
group by b.month
