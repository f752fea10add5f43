-- Every answer to one item up to a day, with whose it is and what it was asked about. customer_id is null
-- where the customer is not known; after_goodbye says that the answer came too late to say anything about
-- staying.
select
  a.row_key,
  case when a.matched then a.customer_id end as customer_id,
  a.answered_on, a.value, a.after_goodbye, a.survey, a.touchpoint, r.channel,
  c.segment, c.plan, c.region, c.industry, c.owner, c.acquired_by
from panel_answers as a
join responses as r on r.row_key = a.row_key and r.is_current
left join panel_people as c on a.matched and c.customer_id = a.customer_id
where a.item = :item and a.variant = :variant and a.answered_on <= :until
