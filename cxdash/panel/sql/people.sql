-- One row a customer, however many systems list them: the newest row counts.
select customer_id, segment, plan, region, industry, owner, acquired_by
from (
  select
    customer_id, segment, plan, region, industry, owner, acquired_by,
    row_number() over (
      partition by customer_id order by import_id desc, line_no desc, row_key
    ) as newest
  from customers
  where is_current
) as ranked
where newest = 1
