-- Customers at the end of one month (:then_month) and what became of them by another (:now_month): what they
-- paid a month then and now, 0 where they are no longer there.
select
  b.customer_id,
  cast(coalesce(b.rate, 0) as double) as rate_then,
  cast(case when a.customer_id is null then 0 else coalesce(a.rate, 0) end as double) as rate_now,
  case when a.customer_id is null then 1 else 0 end as gone
from panel_customer_months as b
left join panel_customer_months as a
  on a.customer_id = b.customer_id and a.month = :now_month and a.active = 1
where b.month = :then_month and b.active = 1
