-- How many people each unit's answers are about: as its answers name them or as its list of teams
-- says, whichever is fewer; 0 where neither says.
with named as (
  select unit, count(distinct agent) as people
  from responses
  where is_current and unit is not null
  group by unit
),
headcounts as (
  select unit, min(headcount) as people
  from teams
  where is_current and headcount > 0
  group by unit
)
select
  n.unit,
  case
    when n.people = 0 then coalesce(h.people, 0)
    when h.people < n.people then h.people
    else n.people
  end as people
from named as n
left join headcounts as h on h.unit = n.unit
