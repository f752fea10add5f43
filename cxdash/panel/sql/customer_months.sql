-- One row for a customer and a month in which a spell was running. Everything is the state at the end of
-- the month and rests on nothing later. month is 12 * year + month - 1.
-- rate: what the customer pays a month; from contracts where their amounts are known, else the mean of
-- the last twelve months as a customer.
with served as (
  select
    coalesce(k.customer_id, t.customer_id) as customer_id,
    cast(12 * extract(year from t.contacted_at) + extract(month from t.contacted_at) - 1 as int) as month,
    count(*) as contacts,
    sum(case when t.currency is null or t.currency = :currency then t.cost else t.cost * x.rate end) as contact_cost
  from contacts as t
  left join panel_links as k on k.alias = t.customer_id
  left join panel_rates as x
    on x.currency = t.currency
    and x.valid_from <= cast(t.contacted_at as date)
    and (x.valid_until is null or cast(t.contacted_at as date) < x.valid_until)
  where t.is_current and t.customer_id is not null
  group by 1, 2
)
select
  r.customer_id, r.month, r.ends_on, r.spell, r.active, r.under_notice, r.tenure_months,
  cast(coalesce(p.revenue, 0) as double) as revenue,
  c.plan,
  cast(coalesce(c.rate, y.rate) as double) as rate,
  cast(coalesce(v.contacts, 0) as int) as contacts,
  cast(coalesce(v.contact_cost, 0) as double) as contact_cost
from panel_standing as r
left join panel_terms as c
  on c.customer_id = r.customer_id and c.from_month <= r.month and c.until_month > r.month
left join panel_past_year as y on y.customer_id = r.customer_id and y.month = r.month
left join panel_takings as p on p.customer_id = r.customer_id and p.month = r.month
left join served as v on v.customer_id = r.customer_id and v.month = r.month
