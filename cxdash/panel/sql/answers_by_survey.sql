-- Which customer answered which item on which day in which survey, among the answers that may predict.
select coalesce(a.survey, '') as survey, a.item, a.variant, a.customer_id, a.answered_on
from panel_answers as a
where a.matched and not a.after_goodbye and a.band is not null
