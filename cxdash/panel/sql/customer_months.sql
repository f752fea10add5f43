-- One row for a customer and a month in which a spell was running. Everything is the state at the end of
-- the month and rests on nothing later. month is 12 * year + month - 1.
-- rate: what the customer pays a month; from contracts where their amounts are known, else the mean of
-- the last twelve months as a customer.
with spell_months as (
  select
    s.customer_id, m.month, m.starts_on, m.ends_on, s.spell, s.left_on,
    case when s.left_on is null or s.left_on > m.ends_on then 1 else 0 end as active,
    case when s.notice_on is not null and s.notice_on <= m.ends_on then 1 else 0 end as under_notice,
    m.month - (12 * extract(year from s.first_started_on) + extract(month from s.first_started_on) - 1) as tenure_months
  from panel_spells as s
  join panel_months as m
    on s.started_on <= m.ends_on and (s.left_on is null or s.left_on >= m.starts_on)
),
running as (
  select customer_id, month, ends_on, spell, active, under_notice, tenure_months
  from (
    select
      r.customer_id, r.month, r.ends_on, r.spell, r.active, r.under_notice, r.tenure_months,
      -- who leaves and comes back within a month is there at its end: one row, not two
      row_number() over (
        partition by r.customer_id, r.month order by r.active desc, r.spell desc
      ) as standing
    from spell_months as r
  ) as ranked
  where standing = 1
),
contracted as (
  select c.customer_id, m.month, sum(c.monthly_amount) as rate, min(c.plan) as plan
  from panel_contracts as c
  join panel_months as m
    on c.started_on <= m.ends_on and (c.ended_on is null or c.ended_on > m.ends_on)
  group by c.customer_id, m.month
),
paid as (
  select
    customer_id,
    cast(12 * extract(year from dated) + extract(month from dated) - 1 as int) as month,
    sum(amount) as revenue
  from panel_money
  where customer_id is not null and dated is not null
  group by 1, 2
),
served as (
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
  r.customer_id,
  cast(r.month as int) as month,
  r.ends_on, r.spell, r.active, r.under_notice,
  cast(r.tenure_months as int) as tenure_months,
  cast(coalesce(p.revenue, 0) as double) as revenue,
  c.plan,
  cast(coalesce(
    c.rate,
    sum(coalesce(p.revenue, 0)) over past_year / count(*) over past_year
  ) as double) as rate,
  cast(coalesce(v.contacts, 0) as int) as contacts,
  cast(coalesce(v.contact_cost, 0) as double) as contact_cost
from running as r
left join contracted as c on c.customer_id = r.customer_id and c.month = r.month
left join paid as p on p.customer_id = r.customer_id and p.month = r.month
left join served as v on v.customer_id = r.customer_id and v.month = r.month
window past_year as (
  partition by r.customer_id order by r.month range between 11 preceding and current row
)
