-- Totals of finance, one row a month, measure and currency: the newest file counts.
select month, measure, currency, amount, signed_by
from (
  select
    cast(12 * extract(year from period) + extract(month from period) - 1 as int) as month,
    measure, currency, amount, signed_by,
    row_number() over (
      partition by
        extract(year from period), extract(month from period), measure, coalesce(currency, '')
      order by import_id desc, line_no desc, row_key
    ) as newest
  from control_totals
  where is_current
) as ranked
where newest = 1
