-- Customers who were asked anything in the :memory_months months before the end of each month of :landmarks, but for
-- surveys that came with a goodbye (farewell_surveys).
select distinct d.customer_id, m.month as landmark
from delivered as d
join panel_months as m
  on d.sent_on <= m.ends_on and d.sent_on > m.ends_on - interval ':memory_months' month
where m.month in (:landmarks)
  and not exists (select 1 from farewell_surveys as f where f.survey = d.survey)
