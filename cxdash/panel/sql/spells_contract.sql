-- A spell is an unbroken stretch as a customer: subscriptions that overlap or follow each other within
-- :gap_days days. left_on is the first day without one; notice_on the day from which every one of them
-- was known to end.
with marked as (
  select
    customer_id, started_on,
    coalesce(ended_on, date '9999-12-31') as ends_on,
    coalesce(notice_on, date '9999-12-31') as notice_on,
    max(coalesce(ended_on, date '9999-12-31')) over (
      partition by customer_id order by started_on, coalesce(ended_on, date '9999-12-31')
      rows between unbounded preceding and 1 preceding
    ) as reached
  from panel_contracts
  where ended_on is null or ended_on > started_on
),
numbered as (
  select
    customer_id, started_on, ends_on, notice_on,
    sum(case when reached is null or started_on - reached > :gap_days then 1 else 0 end) over (
      partition by customer_id order by started_on, ends_on
      rows between unbounded preceding and current row
    ) as spell
  from marked
),
merged as (
  select
    customer_id, spell,
    min(started_on) as started_on,
    nullif(max(ends_on), date '9999-12-31') as left_on,
    nullif(max(notice_on), date '9999-12-31') as notice_on
  from numbered
  group by customer_id, spell
)
select
  customer_id, spell, started_on, left_on,
  case when left_on is not null then coalesce(notice_on, left_on) else notice_on end as notice_on,
  lead(started_on) over (partition by customer_id order by spell) as next_started_on,
  min(started_on) over (partition by customer_id) as first_started_on
from merged
