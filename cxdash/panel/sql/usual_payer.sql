-- What customers who ever answered pay a month, at the end of month :last: how many there are, and the sum.
select cast(count(*) as int) as customers, cast(sum(s.rate) as double) as paid
from panel_customer_months as s
where s.month = :last and s.active = 1 and s.rate is not null
  and s.customer_id in (select customer_id from panel_answers where customer_id is not null)
