-- For each reason of contact up to :as_of: how many contacts came on or after the day the customer said
-- goodbye, and how many of the others came at most :days days before the customer was gone.
with dated as (
  select
    coalesce(l.customer_id, t.customer_id) as customer_id,
    coalesce(t.reason, '') as reason,
    cast(t.contacted_at as date) as contacted_on
  from contacts as t
  left join panel_links as l on l.alias = t.customer_id
  where t.is_current and t.customer_id is not null
)
select
  d.reason,
  count(*) as total,
  sum(case when p.notice_on <= d.contacted_on or p.left_on <= d.contacted_on then 1 else 0 end) as after_goodbye,
  sum(case when (p.notice_on is null or p.notice_on > d.contacted_on)
      and p.left_on > d.contacted_on and p.left_on - d.contacted_on <= :days then 1 else 0 end) as just_before
from dated as d
join panel_spells as p
  on p.customer_id = d.customer_id and p.started_on <= d.contacted_on
  and (p.next_started_on is null or d.contacted_on < p.next_started_on)
where d.contacted_on <= :as_of
group by 1
