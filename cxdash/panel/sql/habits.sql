-- How often each customer who answered :item in the :months months before :as_of did so, and how often they
-- were asked: asked_item counts invitations of surveys that carry the item, asked all of them. Surveys that
-- came with a goodbye (farewell_items, farewell_surveys) are left out.
with answered as (
  select customer_id, count(distinct answered_on) as answers
  from panel_answers as a
  where item = :item and variant = :variant and matched and not after_goodbye and band is not null
    and not exists (
      select 1 from farewell_items as f
      where f.survey = coalesce(a.survey, '') and f.item = a.item and f.variant = a.variant
    )
    and answered_on <= :as_of and answered_on > :as_of - interval ':months' month
  group by customer_id
),
carrying as (
  select distinct survey from panel_answers where item = :item and variant = :variant
),
invited as (
  select
    d.customer_id,
    count(*) as asked,
    sum(case when c.survey is null then 0 else 1 end) as asked_item
  from delivered as d
  left join carrying as c on c.survey = d.survey
  where d.sent_on <= :as_of and d.sent_on > :as_of - interval ':months' month
    and not exists (select 1 from farewell_surveys as f where f.survey = d.survey)
  group by d.customer_id
)
select
  a.customer_id, a.answers,
  cast(coalesce(i.asked, 0) as int) as asked,
  cast(coalesce(i.asked_item, 0) as int) as asked_item
from answered as a
left join invited as i on i.customer_id = a.customer_id
