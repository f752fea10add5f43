-- One row a metric: who answers for it, its goal, and the last decision it changed.
select metric, owner, goal, decision, decided_on, note
from metric_register
where is_current
order by metric
