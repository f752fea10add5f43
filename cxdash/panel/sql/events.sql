-- Dated events of the register, the earliest first.
select event_id as id, dated as day, event_kind as kind, what, metric, unit, segment, source
from events
where is_current
order by dated, event_id
