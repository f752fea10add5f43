-- Exchange rates into the reporting currency, each valid until the next one.
select
  currency,
  rate,
  dated as valid_from,
  lead(dated) over (partition by currency order by dated) as valid_until
from fx
where is_current and to_currency = :currency
