-- A subscription with its customer resolved and its monthly amount in the reporting currency.
select
  coalesce(k.customer_id, s.customer_id) as customer_id,
  s.started_on,
  s.ended_on,
  case
    when s.cancelled_on is null then s.ended_on
    when s.ended_on is not null and s.ended_on < s.cancelled_on then s.ended_on
    else s.cancelled_on
  end as notice_on,
  s.plan,
  s.monthly_amount is not null as has_amount,
  case
    when s.currency = :currency then s.monthly_amount
    else cast(s.monthly_amount * x.rate as decimal(18, 4))
  end as monthly_amount
from subscriptions as s
left join panel_links as k on k.alias = s.customer_id
left join panel_rates as x
  on x.currency = s.currency
  and x.valid_from <= s.started_on
  and (x.valid_until is null or s.started_on < x.valid_until)
where s.is_current
