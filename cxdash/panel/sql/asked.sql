-- Customers who were asked anything in the :memory_months months before the end of each month of :landmarks.
select distinct d.customer_id, m.month as landmark
from delivered as d
join panel_months as m
  on d.sent_on <= m.ends_on and d.sent_on > m.ends_on - interval ':memory_months' month
where m.month in (:landmarks)
