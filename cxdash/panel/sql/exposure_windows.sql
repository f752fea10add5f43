-- What became of every customer in the :months months after each landmark month end, who handled whom at what
-- cost, and whether the customer was given something: :roster names a pilot, arm is what its list says.
-- A contact is a repeat when the customer had been in touch in the :repeat_days days before; it came another
-- way when that contact came through another channel. Every contact is either a first one or a repeat, so the
-- two costs add up to all of it. months_there counts months at whose end the customer still was one.
-- revenue: with contracts (:contractual = 1) what the customer paid a month at the landmark, for each month
-- there; without, what was paid.
with marks as (
  select m.month, m.ends_on, e.ends_on as window_ends_on
  from panel_months as m
  join panel_months as e on e.month = m.month + :months
  where m.month in (:landmarks)
),
made as (
  select
    coalesce(k.customer_id, t.customer_id) as customer_id,
    t.contact_id,
    t.contacted_at,
    cast(t.contacted_at as date) as contacted_on,
    t.channel,
    t.resolved_first,
    case when t.currency is null or t.currency = :currency then t.cost else t.cost * x.rate end as cost,
    lag(t.contacted_at) over (
      partition by coalesce(k.customer_id, t.customer_id) order by t.contacted_at, t.contact_id
    ) as previous_at,
    lag(t.channel) over (
      partition by coalesce(k.customer_id, t.customer_id) order by t.contacted_at, t.contact_id
    ) as previous_channel
  from contacts as t
  left join panel_links as k on k.alias = t.customer_id
  left join panel_rates as x
    on x.currency = t.currency
    and x.valid_from <= cast(t.contacted_at as date)
    and (x.valid_until is null or cast(t.contacted_at as date) < x.valid_until)
  where t.is_current and t.customer_id is not null
),
told as (
  select
    customer_id, contacted_on, cost,
    case when previous_at is not null
      and contacted_on - cast(previous_at as date) <= :repeat_days then 1 else 0 end as is_repeat,
    case when previous_at is not null
      and contacted_on - cast(previous_at as date) <= :repeat_days
      and channel <> previous_channel then 1 else 0 end as is_other_way,
    case when resolved_first = false then 1 else 0 end as is_unsolved
  from made
),
served as (
  select
    k.month as landmark, t.customer_id,
    count(*) as contacts,
    sum(t.is_repeat) as repeats,
    sum(t.is_other_way) as other_way,
    sum(t.is_unsolved) as unsolved,
    sum(case when t.is_repeat = 0 then t.cost else 0 end) as first_cost,
    sum(case when t.is_repeat = 1 then t.cost else 0 end) as repeat_cost
  from told as t
  join marks as k on t.contacted_on > k.ends_on and t.contacted_on <= k.window_ends_on
  group by 1, 2
),
stayed as (
  select k.month as landmark, s.customer_id, count(*) as months_there
  from panel_customer_months as s
  join marks as k on s.month > k.month and s.month <= k.month + :months
  where s.active = 1
  group by 1, 2
),
takings as (
  select k.month as landmark, v.customer_id, sum(v.revenue) as revenue
  from panel_takings as v
  join marks as k on v.month > k.month and v.month <= k.month + :months
  group by 1, 2
),
given as (
  select coalesce(k.customer_id, r.customer_id) as customer_id, min(r.arm) as arm
  from pilot_roster as r
  left join panel_links as k on k.alias = r.customer_id
  where r.is_current and r.pilot = :roster
  group by 1
)
select
  s.customer_id,
  s.month as landmark,
  cast(case when s.rate > 0 then s.rate else 0 end as double) as rate,
  cast(coalesce(w.months_there, 0) as int) as months_there,
  case when coalesce(w.months_there, 0) < :months then 1 else 0 end as left_within,
  cast(case
    when :contractual = 1 then
      case when s.rate > 0 then s.rate else 0 end * coalesce(w.months_there, 0)
    else coalesce(v.revenue, 0)
  end as double) as revenue,
  cast(coalesce(d.contacts, 0) as int) as contacts,
  cast(coalesce(d.repeats, 0) as int) as repeats,
  cast(coalesce(d.other_way, 0) as int) as other_way,
  cast(coalesce(d.unsolved, 0) as int) as unsolved,
  cast(coalesce(d.first_cost, 0) as double) as first_cost,
  cast(coalesce(d.repeat_cost, 0) as double) as repeat_cost,
  g.arm,
  c.segment, coalesce(s.plan, c.plan) as plan, c.region, c.industry, c.owner, c.acquired_by
from panel_customer_months as s
join marks as k on k.month = s.month
left join panel_people as c on c.customer_id = s.customer_id
left join served as d on d.customer_id = s.customer_id and d.landmark = s.month
left join stayed as w on w.customer_id = s.customer_id and w.landmark = s.month
left join takings as v on v.customer_id = s.customer_id and v.landmark = s.month
left join given as g on g.customer_id = s.customer_id
where s.active = 1
