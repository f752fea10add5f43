-- Who was a customer at the end of a landmark month, what finance and operations knew of them by then, and
-- what happened in the :horizon months after. Outcomes are null for a landmark whose window is not over at
-- the end of month :as_of_month. Predictors rest on nothing later than the landmark; outcomes on nothing
-- earlier. With contracts (:contractual = 1) a customer left when the last contract ended in the window;
-- without, when nothing was bought in it after its first :pause_months, so that who stops amid the window is
-- seen to have gone. left_month and window_left need contracts, which name the day; left_month counts from
-- 1: the month of the window in which the customer was last there. rate_earlier needs contracts: without them what a customer pays a month is a mean
-- over the year, whose change mostly says how lately something was bought. What came with a goodbye
-- (farewell_items, farewell_surveys, farewell_reasons) is no predictor.
with marks as (
  select m.month, m.ends_on, e.ends_on as window_ends_on, q.ends_on as judged_from,
    m.month + :horizon <= :as_of_month as closed
  from panel_months as m
  left join panel_months as q on q.month = m.month + :pause_months
  left join panel_months as e on e.month = m.month + :horizon
  where m.month in (:landmarks)
),
heard as (
  select distinct a.customer_id, k.month as landmark
  from panel_answers as a
  join marks as k
    on a.answered_on <= k.ends_on
    and a.answered_on > k.ends_on - interval ':memory_months' month
  where a.matched and not a.after_goodbye
  and not exists (
    select 1 from farewell_items as f
    where f.survey = coalesce(a.survey, '') and f.item = a.item and f.variant = a.variant
  )
),
invited as (
  select distinct i.customer_id, k.month as landmark
  from delivered as i
  join marks as k
    on i.sent_on <= k.ends_on and i.sent_on > k.ends_on - interval ':memory_months' month
  where not exists (select 1 from farewell_surveys as f where f.survey = i.survey)
),
buying as (
  select
    b.customer_id, k.month as landmark,
    max(case when b.bought_on <= k.ends_on then b.bought_on end) as last_bought_on,
    sum(case when b.bought_on > k.judged_from and b.bought_on <= k.window_ends_on then 1 else 0 end) as bought_late
  from panel_bought as b
  join marks as k on b.bought_on <= coalesce(k.window_ends_on, k.ends_on)
  where :contractual = 0
  group by b.customer_id, k.month
),
gone as (
  select customer_id, spell, left_on from panel_spells where left_on is not null
),
served as (
  select
    coalesce(l.customer_id, t.customer_id) as customer_id, k.month as landmark,
    count(*) as contacts,
    sum(case when t.resolved_first = false then 1 else 0 end) as unresolved
  from contacts as t
  left join panel_links as l on l.alias = t.customer_id
  join marks as k
    on cast(t.contacted_at as date) <= k.ends_on
    and cast(t.contacted_at as date) > k.ends_on - interval ':recent_months' month
  where t.is_current and t.customer_id is not null
  and not exists (
    select 1 from farewell_reasons as f where f.reason = coalesce(t.reason, '')
  )
  group by 1, 2
),
costs as (
  select k.month as landmark, s.customer_id, sum(s.contact_cost) as contact_cost, sum(s.contacts) as contacts
  from panel_customer_months as s
  join marks as k on s.month > k.month and s.month <= k.month + :horizon
  where k.closed
  group by 1, 2
),
takings as (
  select
    k.month as landmark, v.customer_id, sum(v.revenue) as revenue
  from panel_takings as v
  join marks as k on v.month > k.month and v.month <= k.month + :horizon
  where k.closed
  group by 1, 2
)
select
  s.customer_id,
  k.month as landmark,
  k.ends_on,
  k.closed,
  s.under_notice,
  s.tenure_months,
  case when s.rate > 0 then s.rate else 0 end as rate,
  case when :contractual = 1 and e.rate > 0 then e.rate end as rate_earlier,
  case when :contractual = 1 or y.last_bought_on is null then 0
       else k.ends_on - y.last_bought_on end as idle_days,
  cast(coalesce(d.contacts, 0) as int) as contacts_before,
  cast(coalesce(d.unresolved, 0) as int) as unresolved_before,
  case when h.customer_id is null then 0 else 1 end as heard,
  case when v.customer_id is null then 0 else 1 end as invited,
  c.segment, coalesce(s.plan, c.plan) as plan, c.region, c.industry, c.owner, c.acquired_by,
  case
    when not k.closed then null
    when :contractual = 1 then
      case when g.left_on is not null and g.left_on <= k.window_ends_on then 1 else 0 end
    when coalesce(y.bought_late, 0) = 0 then 1
    else 0
  end as left_within,
  case when k.closed and :contractual = 1 and g.left_on is not null and g.left_on <= k.window_ends_on
    then cast(k.window_ends_on - g.left_on as double) / (k.window_ends_on - k.ends_on)
  end as window_left,
  case when k.closed and :contractual = 1 and g.left_on is not null and g.left_on <= k.window_ends_on then
    case when cast(12 * extract(year from g.left_on) + extract(month from g.left_on) - 1 as int) - k.month
         - case when extract(day from g.left_on) = 1 then 1 else 0 end < 1 then 1
    else cast(12 * extract(year from g.left_on) + extract(month from g.left_on) - 1 as int) - k.month
         - case when extract(day from g.left_on) = 1 then 1 else 0 end end
  end as left_month,
  case when k.closed then coalesce(z.rate, 0) end as rate_after,
  case when k.closed then cast(coalesce(t.revenue, 0) as double) end as revenue_after,
  case when k.closed then coalesce(f.contact_cost, 0) end as cost_after,
  case when k.closed then coalesce(f.contacts, 0) end as contacts_after
from panel_customer_months as s
join marks as k on k.month = s.month
left join panel_people as c on c.customer_id = s.customer_id
left join heard as h on h.customer_id = s.customer_id and h.landmark = k.month
left join invited as v on v.customer_id = s.customer_id and v.landmark = k.month
left join buying as y on y.customer_id = s.customer_id and y.landmark = k.month
left join gone as g on g.customer_id = s.customer_id and g.spell = s.spell
left join served as d on d.customer_id = s.customer_id and d.landmark = k.month
left join panel_customer_months as e
  on e.customer_id = s.customer_id and e.month = k.month - :recent_months and e.active = 1
left join panel_customer_months as z
  on z.customer_id = s.customer_id and z.month = k.month + :horizon and z.active = 1
left join costs as f on f.customer_id = s.customer_id and f.landmark = k.month
left join takings as t on t.customer_id = s.customer_id and t.landmark = k.month
where s.active = 1
