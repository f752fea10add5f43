-- Customers on one day and whether they had left by then.
select
  s.row_key, s.customer_id, s.has_left, s.taken_on, s.tenure_months,
  cast(s.monthly_amount as double) as monthly_amount, s.currency
from snapshots as s
where s.is_current
