-- Customers and contacts by month. A customer of a month has a running contract at its end; where there are no
-- contracts (:contractual = 0), it is one who paid in it. Contacts are counted whoever called.
select
  'customers' as line, month,
  cast(count(distinct customer_id) as int) as amount, cast(count(distinct customer_id) as int) as customers
from panel_customer_months
where :contractual = 1 and active = 1
group by month
union all
select
  'customers' as line, month,
  cast(count(distinct customer_id) as int) as amount, cast(count(distinct customer_id) as int) as customers
from panel_takings
where :contractual = 0 and revenue > 0
group by month
union all
select
  'contacts' as line,
  cast(12 * extract(year from contacted_at) + extract(month from contacted_at) - 1 as int) as month,
  cast(count(*) as int) as amount, cast(count(distinct customer_id) as int) as customers
from contacts
where is_current
group by 2
