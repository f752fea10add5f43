-- Every comment until :as_of, whoever wrote it: customer_id is null where the customer is not known. score is
-- the mean of the answers beside it, each turned so that the best answer of its scale is 1 and the worst 0;
-- null where none stand beside it. knows is 1 where the comment came with the goodbye (farewell_surveys) or
-- on or after its day, so that it predicts nothing.
with whose as (
  select
    r.row_key, r.survey, cast(r.answered_at as date) as answered_on,
    coalesce(k.customer_id, r.customer_id, o.customer_id) as customer_id
  from responses as r
  left join panel_purchases as o on o.order_id = r.order_id
  left join panel_links as k on k.alias = r.customer_id
  where r.is_current and cast(r.answered_at as date) <= :as_of
),
known as (
  select customer_id from panel_people
  union select customer_id from panel_contracts
  union select customer_id from panel_purchases where customer_id is not null
  union select customer_id from panel_money where customer_id is not null
),
rated as (
  select
    row_key,
    sum(case when high_is_good then value - scale_low else scale_high - value end
        / (scale_high - scale_low)) / count(*) as score
  from scores
  where is_current and scale_high > scale_low
  group by row_key
)
select
  w.row_key, c.item, c.body, w.survey, w.answered_on,
  n.customer_id, s.score,
  p.segment, p.plan, p.region, p.industry, p.owner, p.acquired_by,
  case
    when f.survey is not null then 1
    when coalesce(g.notice_on <= w.answered_on, false) or coalesce(g.left_on <= w.answered_on, false) then 1
    else 0
  end as knows
from comments as c
join whose as w on w.row_key = c.row_key
left join known as n on n.customer_id = w.customer_id
left join rated as s on s.row_key = c.row_key
left join panel_people as p on p.customer_id = n.customer_id
left join farewell_surveys as f on f.survey = coalesce(w.survey, '')
left join panel_spells as g
  on g.customer_id = n.customer_id and g.started_on <= w.answered_on
  and (g.next_started_on is null or w.answered_on < g.next_started_on)
where c.is_current and trim(c.body) <> ''
