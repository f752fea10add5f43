-- Invitations delivered by :as_of and how many were answered within :days days, by month of sending, survey
-- and what customers can be filtered by. An answer counts for the last invitation before it; where either
-- side names no survey, or the answer's survey never invites, any answer counts. Who had said goodbye
-- before being asked is left out, and so are exit surveys that come before the day of it (farewell_surveys).
with named as (
  select distinct survey from delivered where survey is not null
),
sent as (
  select
    d.customer_id, d.survey, d.sent_on,
    row_number() over (order by d.customer_id, d.survey, d.sent_on) as invitation,
    lead(d.sent_on) over (partition by d.customer_id, d.survey order by d.sent_on) as next_sent_on
  from delivered as d
  left join panel_spells as p
    on p.customer_id = d.customer_id and p.started_on <= d.sent_on
    and (p.next_started_on is null or d.sent_on < p.next_started_on)
  where d.sent_on <= :as_of and (p.notice_on is null or p.notice_on > d.sent_on)
    and not exists (select 1 from farewell_surveys as f where f.survey = d.survey)
),
said as (
  select distinct a.customer_id, n.survey, a.answered_on
  from panel_answers as a
  left join named as n on n.survey = a.survey
  where a.customer_id is not null and a.answered_on <= :as_of
),
met as (
  select
    s.invitation, s.customer_id, s.survey, s.sent_on,
    max(case when a.customer_id is null then 0 else 1 end) as answered
  from sent as s
  left join said as a
    on a.customer_id = s.customer_id
    and a.answered_on >= s.sent_on
    and a.answered_on <= s.sent_on + interval ':days' day
    and (s.next_sent_on is null or a.answered_on < s.next_sent_on)
    and (a.survey is null or s.survey is null or a.survey = s.survey)
  group by s.invitation, s.customer_id, s.survey, s.sent_on
)
select
  cast(12 * extract(year from t.sent_on) + extract(month from t.sent_on) - 1 as int) as month,
  coalesce(t.survey, '') as survey,
  c.segment, c.plan, c.region, c.industry, c.owner, c.acquired_by,
  count(*) as delivered,
  sum(t.answered) as answered
from met as t
left join panel_people as c on c.customer_id = t.customer_id
group by 1, 2, c.segment, c.plan, c.region, c.industry, c.owner, c.acquired_by
