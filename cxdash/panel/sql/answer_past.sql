-- Every usable answer until :as_of with the customer's answer before it and what finance and operations knew at
-- the end of the month before: what the customer paid then and three months earlier, contacts in those three
-- months. Null where the customer was not one yet.
with standing as (
  select
    m.customer_id, m.month, m.tenure_months, m.rate,
    sum(m.contacts) over last_three as contacts
  from panel_customer_months as m
  where m.active = 1
  window last_three as (partition by m.customer_id order by m.month range between 2 preceding and current row)
),
given as (
  select
    a.customer_id, a.item, a.variant, a.value, a.band,
    cast(12 * extract(year from a.answered_on) + extract(month from a.answered_on) - 1 as int) as month,
    lag(a.value) over (
      partition by a.customer_id, a.item, a.variant order by a.answered_at, a.response_id
    ) as value_before
  from panel_answers as a
  where a.matched and not a.after_goodbye and a.band is not null and a.answered_on <= :as_of
)
select
  g.customer_id, g.item, g.variant, g.value, g.band, g.month, g.value_before,
  s.tenure_months, s.rate, e.rate as rate_earlier, s.contacts,
  c.segment
from given as g
left join standing as s on s.customer_id = g.customer_id and s.month = g.month - 1
left join standing as e on e.customer_id = g.customer_id and e.month = g.month - 4
left join panel_people as c on c.customer_id = g.customer_id
