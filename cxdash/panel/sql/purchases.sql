-- An order with its customer resolved.
select
  o.order_id,
  coalesce(k.customer_id, o.customer_id) as customer_id,
  cast(o.ordered_at as date) as ordered_on
from orders as o
left join panel_links as k on k.alias = o.customer_id
where o.is_current
