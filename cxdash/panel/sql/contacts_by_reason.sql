-- Contacts in the :recent_months months up to the end of each month of :landmarks, by customer and reason.
select
  coalesce(l.customer_id, t.customer_id) as customer_id, k.month as landmark,
  coalesce(t.reason, '') as reason,
  count(*) as contacts,
  sum(case when t.resolved_first = false then 1 else 0 end) as unresolved
from contacts as t
left join panel_links as l on l.alias = t.customer_id
join panel_months as k
  on cast(t.contacted_at as date) <= k.ends_on
  and cast(t.contacted_at as date) > k.ends_on - interval ':recent_months' month
where t.is_current and t.customer_id is not null and k.month in (:landmarks)
group by 1, 2, 3
