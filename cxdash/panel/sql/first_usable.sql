-- For each item the day of its first answer that is matched, was given before a goodbye and came from no survey
-- that comes with one (farewell_items).
select a.item, a.variant, min(a.answered_on) as first_usable
from panel_answers as a
where a.matched and not a.after_goodbye
  and not exists (
    select 1 from farewell_items as f
    where f.survey = coalesce(a.survey, '') and f.item = a.item and f.variant = a.variant
  )
group by a.item, a.variant
