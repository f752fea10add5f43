-- Every answer from after :since until :as_of that names the unit it is about, with what came before and after.
-- bad_after: within :watched_days days the customer got in touch again (first :repeat_days) or was gone, or the
-- contact before the answer had not been solved; null where that time is not over on :as_of or the customer is
-- not known. Surveys that came with a goodbye (farewell_items) are left out: bad_after is certain there. wait_hours: since the last contact in the thirty days before.
with told as (
  select
    a.row_key, a.customer_id, a.matched, a.unit, a.item, a.variant, a.value, a.band, a.answered_on, a.answered_at,
    a.left_on
  from panel_answers as a
  where a.unit is not null and a.answered_on > :since and a.answered_on <= :as_of and a.band is not null
  and not exists (
    select 1 from farewell_items as f
    where f.survey = coalesce(a.survey, '') and f.item = a.item and f.variant = a.variant
  )
),
asked as (
  select distinct row_key, customer_id, answered_at from told where matched
),
touched as (
  select coalesce(l.customer_id, t.customer_id) as customer_id, t.contacted_at, t.resolved_first
  from contacts as t
  left join panel_links as l on l.alias = t.customer_id
  where t.is_current and t.customer_id is not null
),
beside as (
  select
    w.row_key,
    max(case when t.contacted_at <= w.answered_at then t.contacted_at end) as last_contact_at,
    sum(case when t.contacted_at > w.answered_at then 1 else 0 end) as contacts_after
  from asked as w
  join touched as t
    on t.customer_id = w.customer_id
    and t.contacted_at > w.answered_at - interval '30' day
    and t.contacted_at <= w.answered_at + interval ':repeat_days' day
  group by w.row_key
),
unsolved as (
  select b.row_key, sum(case when t.resolved_first = false then 1 else 0 end) as unsolved
  from beside as b
  join asked as w on w.row_key = b.row_key
  join touched as t on t.customer_id = w.customer_id and t.contacted_at = b.last_contact_at
  group by b.row_key
),
said as (
  select row_key, min(body) as body from comments where is_current group by row_key
)
select
  w.row_key, w.customer_id, w.unit, w.item, w.variant, w.value, w.band, w.answered_on, s.body,
  case
    when not w.matched or w.answered_on + interval ':watched_days' day > :as_of then null
    when b.contacts_after > 0 or u.unsolved > 0 then 1
    when w.left_on is not null and w.left_on <= w.answered_on + interval ':watched_days' day then 1
    else 0
  end as bad_after,
  24 * (cast(w.answered_at as date) - cast(b.last_contact_at as date))
    + extract(hour from w.answered_at) - extract(hour from b.last_contact_at)
    + (extract(minute from w.answered_at) - extract(minute from b.last_contact_at)) / 60.0 as wait_hours
from told as w
left join beside as b on b.row_key = w.row_key
left join unsolved as u on u.row_key = w.row_key
left join said as s on s.row_key = w.row_key
