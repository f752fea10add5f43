-- What customers wrote, and what they gave as their reason for leaving, one row a text: in which month, by
-- whom (a text whose customer is not known stands for itself) and of which kind.
with said as (
  select
    cast(12 * extract(year from r.answered_at) + extract(month from r.answered_at) - 1 as int) as month,
    coalesce(k.customer_id, r.customer_id, r.row_key) as who,
    'comment' as kind,
    c.body
  from comments as c
  join responses as r on r.row_key = c.row_key and r.is_current
  left join panel_links as k on k.alias = r.customer_id
  where c.is_current
  union all
  select
    cast(12 * extract(year from coalesce(s.cancelled_on, s.ended_on))
      + extract(month from coalesce(s.cancelled_on, s.ended_on)) - 1 as int) as month,
    coalesce(k.customer_id, s.customer_id) as who,
    'reason' as kind,
    s.reason as body
  from subscriptions as s
  left join panel_links as k on k.alias = s.customer_id
  where s.is_current and s.reason is not null and coalesce(s.cancelled_on, s.ended_on) is not null
)
select month, who, kind, body
from said
where month >= :first_month and month <= :last_month
