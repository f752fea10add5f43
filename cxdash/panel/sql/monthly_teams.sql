-- Employees by month, over the units that report their number and their turnover: heads, those who left,
-- how many units. Units of fewer than :fewest heads are left out.
select
  cast(12 * extract(year from period) + extract(month from period) - 1 as int) as month,
  sum(headcount) as heads,
  sum(headcount * turnover) as departed,
  count(*) as units
from teams
where is_current and headcount >= :fewest and turnover is not null
group by cast(12 * extract(year from period) + extract(month from period) - 1 as int)
