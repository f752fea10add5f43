-- How many customers there were at the end of each month from :first to :last, by the columns of the customer list
-- that are asked for (1) and by none of the others (0).
select
  s.month,
  case when :by_segment = 1 then p.segment end as segment,
  case when :by_plan = 1 then p.plan end as plan,
  case when :by_region = 1 then p.region end as region,
  case when :by_industry = 1 then p.industry end as industry,
  case when :by_owner = 1 then p.owner end as owner,
  case when :by_acquired_by = 1 then p.acquired_by end as acquired_by,
  cast(count(*) as int) as customers
from panel_customer_months as s
left join panel_people as p on p.customer_id = s.customer_id
where s.active = 1 and s.month >= :first and s.month <= :last
group by 1, 2, 3, 4, 5, 6, 7
