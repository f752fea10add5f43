-- The last answer to :item of everyone in the :memory_months months before :as_of, whether or not the
-- customer is known; an answer without any name stands for itself.
select value, band
from (
  select
    value, band,
    row_number() over (
      partition by coalesce(customer_id, response_id) order by answered_at desc, response_id
    ) as newest
  from panel_answers
  where item = :item and variant = :variant and band is not null and not after_goodbye
    and answered_on <= :as_of and answered_on > :as_of - interval ':memory_months' month
) as ranked
where newest = 1
