-- The figures of each unit of employees by month, as they were reported.
select
  unit,
  cast(12 * extract(year from period) + extract(month from period) - 1 as int) as month,
  headcount, engagement, turnover, absence
from (
  select
    unit, period, headcount, engagement, turnover, absence,
    row_number() over (
      partition by unit, extract(year from period), extract(month from period)
      order by period desc, import_id desc, line_no desc
    ) as newest
  from teams
  where is_current
) as ranked
where newest = 1
