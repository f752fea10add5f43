-- Who was given to which group of which pilot, under the name the panel knows the customer by. A customer
-- who stands in several groups of one pilot has a row for each.
select distinct
  r.pilot, coalesce(k.customer_id, r.customer_id) as customer_id, r.arm, r.assigned_on
from pilot_roster as r
left join panel_links as k on k.alias = r.customer_id
where r.is_current
