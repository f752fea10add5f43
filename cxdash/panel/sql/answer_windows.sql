-- For every answer: the customer's state before it and what happened in the 3, 6 and 12 months after it.
-- left_H and revenue_H are null (censored) while the window is not over on :as_of.
with state as (
  select
    a.response_id, a.customer_id, a.item, a.variant, a.value, a.band, a.answered_on, a.after_goodbye,
    a.spell_started_on is not null and (a.left_on is null or a.left_on > a.answered_on) as was_customer,
    a.left_on,
    m.tenure_months as tenure_before, m.rate as rate_before, m.contacts as contacts_before
  from panel_answers as a
  left join panel_customer_months as m
    on m.customer_id = a.customer_id and m.active = 1
    and m.month = cast(12 * extract(year from a.answered_on) + extract(month from a.answered_on) - 2 as int)
  where a.matched and a.answered_on <= :as_of
),
after as (
  select
    s.response_id, s.item,
    sum(case when v.dated <= s.answered_on + interval '3' month then v.amount end) as revenue_3,
    sum(case when v.dated <= s.answered_on + interval '6' month then v.amount end) as revenue_6,
    sum(v.amount) as revenue_12
  from state as s
  join panel_money as v
    on v.customer_id = s.customer_id and v.dated > s.answered_on
    and v.dated <= s.answered_on + interval '12' month and v.dated <= :as_of
  group by s.response_id, s.item
)
select
  s.response_id, s.customer_id, s.item, s.variant, s.value, s.band, s.answered_on,
  s.was_customer, s.after_goodbye, s.tenure_before, s.rate_before, s.contacts_before,
  case when s.answered_on + interval '3' month > :as_of then null
       when s.left_on <= s.answered_on + interval '3' month then 1 else 0 end as left_3,
  case when s.answered_on + interval '6' month > :as_of then null
       when s.left_on <= s.answered_on + interval '6' month then 1 else 0 end as left_6,
  case when s.answered_on + interval '12' month > :as_of then null
       when s.left_on <= s.answered_on + interval '12' month then 1 else 0 end as left_12,
  case when s.answered_on + interval '3' month <= :as_of then coalesce(r.revenue_3, 0) end as revenue_3,
  case when s.answered_on + interval '6' month <= :as_of then coalesce(r.revenue_6, 0) end as revenue_6,
  case when s.answered_on + interval '12' month <= :as_of then coalesce(r.revenue_12, 0) end as revenue_12
from state as s
left join after as r on r.response_id = s.response_id and r.item = s.item
