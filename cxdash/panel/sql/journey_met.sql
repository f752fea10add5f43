-- Every day on which a known customer was met at a stage (journey_stages), with the work and the cost of it.
-- Nothing after :as_of; nothing that comes with a goodbye or on or after the day of one.
with met as (
  select
    coalesce(k.customer_id, r.customer_id, o.customer_id) as customer_id,
    'answer' as what, coalesce(r.touchpoint, r.survey, '') as place, '' as channel,
    cast(r.answered_at as date) as met_on, cast(null as double) as minutes, cast(null as double) as cost
  from responses as r
  left join panel_purchases as o on o.order_id = r.order_id
  left join panel_links as k on k.alias = r.customer_id
  where r.is_current
  and not exists (select 1 from farewell_surveys as f where f.survey = r.survey)
  union all
  select
    coalesce(k.customer_id, t.customer_id) as customer_id,
    'contact' as what, coalesce(t.reason, '') as place, coalesce(t.channel, '') as channel,
    cast(t.contacted_at as date) as met_on, t.minutes,
    cast(case when t.currency is null or t.currency = :currency then t.cost else t.cost * x.rate end as double)
      as cost
  from contacts as t
  left join panel_links as k on k.alias = t.customer_id
  left join panel_rates as x
    on x.currency = t.currency
    and x.valid_from <= cast(t.contacted_at as date)
    and (x.valid_until is null or cast(t.contacted_at as date) < x.valid_until)
  where t.is_current
  and not exists (select 1 from farewell_reasons as f where f.reason = coalesce(t.reason, ''))
)
select
  s.stage, m.customer_id, m.met_on,
  sum(case when m.what = 'contact' then 1 else 0 end) as contacts,
  sum(m.minutes) as minutes, count(m.minutes) as timed,
  sum(m.cost) as cost, count(m.cost) as priced
from met as m
join journey_stages as s on s.what = m.what and s.place = m.place and s.channel = m.channel
where m.customer_id is not null and m.met_on <= :as_of
group by s.stage, m.customer_id, m.met_on
