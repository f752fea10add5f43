-- Each customer's months as a customer in a stretch of months, with what was paid, and the contacts and what
-- they cost.
select
  customer_id,
  cast(count(*) as int) as months,
  sum(revenue) as revenue,
  cast(sum(contacts) as int) as contacts,
  sum(contact_cost) as contact_cost
from panel_customer_months
where month > :after_month and month <= :now_month
group by customer_id
