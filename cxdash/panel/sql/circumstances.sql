-- What had happened to a customer by the moment of each answer to :item, until :as_of: the order the answer
-- is about (the one it names, else the customer's last one in the :recent_months months before), contacts in
-- those months, what the customer paid at the end of the month before and, with contracts (:contractual = 1),
-- three months earlier: without them that is a mean over a year, whose change is no price. Nothing rests
-- on anything later than the answer: an order that came after it counts as not delivered yet. Surveys and contacts
-- that came with a goodbye (farewell_items, farewell_reasons) are left out.
with asked as (
  select
    a.row_key, a.customer_id, a.answered_on, a.answered_at, a.value, a.band, r.order_id,
    cast(12 * extract(year from a.answered_on) + extract(month from a.answered_on) - 1 as int) as month
  from panel_answers as a
  join responses as r on r.row_key = a.row_key and r.is_current
  where a.item = :item and a.variant = :variant and a.matched and not a.after_goodbye
    and a.band is not null and a.answered_on <= :as_of
    and not exists (
      select 1 from farewell_items as f
      where f.survey = coalesce(a.survey, '') and f.item = a.item and f.variant = a.variant
    )
),
latest as (
  select row_key, order_id
  from (
    select
      k.row_key, p.order_id,
      row_number() over (partition by k.row_key order by p.ordered_on desc, p.order_id desc) as newest
    from asked as k
    join panel_purchases as p
      on p.customer_id = k.customer_id and p.ordered_on <= k.answered_on
      and p.ordered_on > k.answered_on - interval ':recent_months' month
    where k.order_id is null
  ) as ranked
  where newest = 1
),
about as (
  select
    k.row_key, p.ordered_on, p.promised_on,
    case when p.delivered_on <= k.answered_on then p.delivered_on end as delivered_on,
    p.order_id
  from asked as k
  left join latest as l on l.row_key = k.row_key
  join panel_purchases as p on p.order_id = coalesce(k.order_id, l.order_id)
  where p.ordered_on <= k.answered_on
),
bought as (
  select b.row_key, cast(sum(v.amount) as double) as order_value
  from about as b
  join asked as k on k.row_key = b.row_key
  join panel_money as v on v.order_id = b.order_id and v.dated <= k.answered_on
  group by b.row_key
),
served as (
  select
    k.row_key, count(*) as contacts,
    sum(case when t.resolved_first = false then 1 else 0 end) as unresolved,
    sum(t.minutes) / nullif(count(t.minutes), 0) as minutes
  from asked as k
  join (
    select
      coalesce(l.customer_id, c.customer_id) as customer_id, c.contacted_at, c.resolved_first, c.minutes
    from contacts as c
    left join panel_links as l on l.alias = c.customer_id
    where c.is_current and c.customer_id is not null
      and not exists (select 1 from farewell_reasons as f where f.reason = coalesce(c.reason, ''))
  ) as t
    on t.customer_id = k.customer_id and t.contacted_at < k.answered_at
    and cast(t.contacted_at as date) > k.answered_on - interval ':recent_months' month
  group by k.row_key
)
select
  k.row_key, k.customer_id, k.answered_on, k.month, k.value, k.band,
  b.ordered_on, b.promised_on, b.delivered_on, o.order_value,
  case when b.promised_on is null then null
       when coalesce(b.delivered_on, k.answered_on) > b.promised_on
         then coalesce(b.delivered_on, k.answered_on) - b.promised_on
       else 0 end as days_late,
  coalesce(b.delivered_on, k.answered_on) - b.ordered_on as days_waited,
  cast(coalesce(s.contacts, 0) as int) as contacts_before,
  cast(coalesce(s.unresolved, 0) as int) as unresolved_before,
  s.minutes,
  m.tenure_months, m.rate, case when :contractual = 1 then e.rate end as rate_earlier,
  c.segment, coalesce(m.plan, c.plan) as plan, c.region, c.industry, c.owner, c.acquired_by
from asked as k
left join about as b on b.row_key = k.row_key
left join bought as o on o.row_key = k.row_key
left join served as s on s.row_key = k.row_key
left join panel_customer_months as m
  on m.customer_id = k.customer_id and m.month = k.month - 1 and m.active = 1
left join panel_customer_months as e
  on e.customer_id = k.customer_id and e.month = k.month - 1 - :recent_months and e.active = 1
left join panel_people as c on c.customer_id = k.customer_id
