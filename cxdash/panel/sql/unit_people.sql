-- How many people each unit's answers are about; 0 where no answer says.
select unit, count(distinct agent) as people
from responses
where is_current and unit is not null
group by unit
