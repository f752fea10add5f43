-- For each item of each survey up to :as_of: how many answers came on or after the day the customer said
-- goodbye, and how many of the others came at most :days days before the customer was gone.
select
  coalesce(a.survey, '') as survey, a.item, a.variant,
  count(*) as total,
  sum(case when a.after_goodbye then 1 else 0 end) as after_goodbye,
  sum(case when not a.after_goodbye and a.left_on is not null and a.left_on - a.answered_on <= :days
      then 1 else 0 end) as just_before
from panel_answers as a
where a.matched and a.answered_on <= :as_of
group by 1, 2, 3
