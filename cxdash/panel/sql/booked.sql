-- What is loaded of each month's revenue, whoever paid it: by month, currency as paid, and kind. Rows without a day
-- belong to no month. customers counts the known customers among them.
select
  cast(12 * extract(year from dated) + extract(month from dated) - 1 as int) as month,
  currency, revenue_kind,
  count(*) as row_count,
  count(distinct customer_id) as customers,
  sum(amount_paid) as amount
from panel_money
where dated is not null
group by 1, 2, 3
