-- How many rows of each signal are loaded up to :as_of, beside survey ratings.
select 'contacts' as signal, count(*) as loaded
from contacts where is_current and cast(contacted_at as date) <= :as_of
union all
select 'outcomes' as signal, count(*) as loaded
from contacts where is_current and resolved_first is not null and cast(contacted_at as date) <= :as_of
union all
select 'comments' as signal, count(*) as loaded
from comments as c join responses as r on r.row_key = c.row_key and r.is_current
where c.is_current and cast(r.answered_at as date) <= :as_of
union all
select 'purchases' as signal, count(*) as loaded
from panel_bought where bought_on <= :as_of
union all
select 'deliveries' as signal, count(*) as loaded
from orders
where is_current and promised_at is not null and cast(delivered_at as date) <= :as_of
union all
select 'reasons' as signal, count(*) as loaded
from subscriptions where is_current and reason is not null and coalesce(cancelled_on, ended_on) <= :as_of
union all
select 'answers' as signal, count(*) as loaded
from panel_answers where answered_on <= :as_of
