-- How many of a customer's contacts in the :memory_months months before each landmark were solved the first time,
-- of those of which it is known and that did not come with a goodbye (farewell_reasons).
with marks as (
  select month, ends_on from panel_months where month in (:landmarks)
)
select
  coalesce(l.customer_id, t.customer_id) as customer_id,
  k.month as landmark,
  count(*) as contacts,
  sum(case when t.resolved_first then 1 else 0 end) as solved
from contacts as t
left join panel_links as l on l.alias = t.customer_id
join marks as k
  on cast(t.contacted_at as date) <= k.ends_on
  and cast(t.contacted_at as date) > k.ends_on - interval ':memory_months' month
where t.is_current and t.customer_id is not null and t.resolved_first is not null
  and not exists (
    select 1 from farewell_reasons as f where f.reason = coalesce(t.reason, '')
  )
group by 1, 2
