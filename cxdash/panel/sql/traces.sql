-- What each customer let us know without a survey in the :memory_months months before :as_of: contacts,
-- contacts whose reason says complaint, and contacts that followed another within :days days.
with made as (
  select
    coalesce(k.customer_id, t.customer_id) as customer_id,
    cast(t.contacted_at as date) as contacted_on,
    lower(coalesce(t.reason, '')) as reason
  from contacts as t
  left join panel_links as k on k.alias = t.customer_id
  where t.is_current and t.customer_id is not null
),
ordered as (
  select
    customer_id, contacted_on, reason,
    lag(contacted_on) over (partition by customer_id order by contacted_on) as before_on
  from made
)
select
  customer_id,
  count(*) as contacts,
  sum(case when reason like '%complain%' or reason like '%beschwerde%' or reason like '%reklam%'
    or reason like '%reclam%' or reason like '%queja%' then 1 else 0 end) as complaints,
  sum(case when before_on is not null and contacted_on <= before_on + interval ':days' day
    then 1 else 0 end) as repeats
from ordered
where contacted_on <= :as_of and contacted_on > :as_of - interval ':memory_months' month
group by customer_id
