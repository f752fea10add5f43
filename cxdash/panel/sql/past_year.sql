-- What a customer paid a month over the last twelve months as a customer, for every customer whose
-- contracts do not say it in some month.
with unpriced as (
  select distinct s.customer_id
  from panel_standing as s
  left join panel_terms as c
    on c.customer_id = s.customer_id and c.from_month <= s.month and c.until_month > s.month
  where c.rate is null
)
select
  s.customer_id, s.month,
  sum(coalesce(p.revenue, 0)) over past_year / count(*) over past_year as rate
from panel_standing as s
join unpriced as u on u.customer_id = s.customer_id
left join panel_takings as p on p.customer_id = s.customer_id and p.month = s.month
window past_year as (
  partition by s.customer_id order by s.month range between 11 preceding and current row
)
