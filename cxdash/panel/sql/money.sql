-- One revenue row with its customer and day found through the order where the file does not say,
-- in the reporting currency. amount is null where no exchange rate is known.
select
  coalesce(k.customer_id, v.customer_id, o.customer_id) as customer_id,
  coalesce(v.dated, o.ordered_on) as dated,
  v.revenue_kind,
  v.amount as amount_paid,
  v.currency,
  case
    when v.currency = :currency then v.amount
    else cast(v.amount * x.rate as decimal(18, 4))
  end as amount,
  v.order_id,
  v.import_id
from revenue as v
left join panel_purchases as o on o.order_id = v.order_id
left join panel_links as k on k.alias = v.customer_id
left join panel_rates as x
  on x.currency = v.currency
  and x.valid_from <= coalesce(v.dated, o.ordered_on)
  and (x.valid_until is null or coalesce(v.dated, o.ordered_on) < x.valid_until)
where v.is_current
