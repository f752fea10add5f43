-- Contacts of two neighbouring periods and how many were resolved at the first contact.
select
  case when cast(contacted_at as date) > :before_until then 1 else 0 end as period,
  count(*) as contacts,
  sum(case when resolved_first then 1 else 0 end) as resolved
from contacts
where is_current and resolved_first is not null
  and cast(contacted_at as date) > :before_from and cast(contacted_at as date) <= :until
group by case when cast(contacted_at as date) > :before_until then 1 else 0 end
