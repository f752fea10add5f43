-- Every place at which customers were met up to :as_of: what survey answers call their touchpoint (or the
-- survey), and the reasons and channels of contacts. What comes with a goodbye is left out.
select 'answer' as what, coalesce(r.touchpoint, r.survey, '') as place, '' as channel, count(*) as met
from responses as r
where r.is_current and cast(r.answered_at as date) <= :as_of
and not exists (select 1 from farewell_surveys as f where f.survey = r.survey)
group by coalesce(r.touchpoint, r.survey, '')
union all
select 'contact' as what, coalesce(t.reason, '') as place, coalesce(t.channel, '') as channel, count(*) as met
from contacts as t
where t.is_current and cast(t.contacted_at as date) <= :as_of
and not exists (select 1 from farewell_reasons as f where f.reason = coalesce(t.reason, ''))
group by coalesce(t.reason, ''), coalesce(t.channel, '')
