-- One row an order, with its customer resolved. An order number that two systems use for different
-- customers belongs to nobody: what hangs on it is counted as unplaced.
select
  order_id,
  case when count(distinct customer_id) = 1 then min(customer_id) end as customer_id,
  case when count(distinct customer_id) = 1 then min(ordered_on) end as ordered_on,
  case when count(distinct customer_id) = 1 then min(promised_on) end as promised_on,
  case when count(distinct customer_id) = 1 then min(delivered_on) end as delivered_on
from (
  select
    o.order_id,
    coalesce(k.customer_id, o.customer_id) as customer_id,
    cast(o.ordered_at as date) as ordered_on,
    cast(o.promised_at as date) as promised_on,
    cast(o.delivered_at as date) as delivered_on
  from orders as o
  left join panel_links as k on k.alias = o.customer_id
  where o.is_current
) as resolved
group by order_id
