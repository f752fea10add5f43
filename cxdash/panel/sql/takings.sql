-- What each customer paid in each month, refunds taken off, in the reporting currency.
select
  customer_id,
  cast(12 * extract(year from dated) + extract(month from dated) - 1 as int) as month,
  sum(amount) as revenue
from panel_money
where customer_id is not null and dated is not null
group by 1, 2
