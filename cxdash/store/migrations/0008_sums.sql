-- By how much the amounts of an import in force add up to more or less than its receipt says, because
-- another import was undone or a customer erased. Numbers only: nobody is named.
CREATE TABLE sum_changes (
  import_id INTEGER NOT NULL,
  currency VARCHAR NOT NULL,           -- ? for amounts whose row names none
  amount DECIMAL(38,4) NOT NULL
);
-- What was undone or erased before this was written down is taken as it stands.
INSERT INTO sum_changes
WITH loaded AS (
  SELECT import_id, money.currency AS currency, CAST(money.loaded AS DECIMAL(38,4)) AS amount
  FROM (
    SELECT import_id, unnest(from_json(json_extract(receipt, '$.money'),
      '[{"currency": "VARCHAR", "loaded": "VARCHAR"}]')) AS money
    FROM imports WHERE undone_at IS NULL AND kind IN ('revenue', 'contacts')
  )
), held AS (
  SELECT import_id, coalesce(currency, '?') AS currency, sum(amount) AS amount FROM revenue GROUP BY ALL
  UNION ALL
  SELECT import_id, coalesce(currency, '?'), sum(cost) FROM contacts WHERE cost IS NOT NULL GROUP BY ALL
)
SELECT import_id, currency, coalesce(held.amount, 0) - coalesce(loaded.amount, 0) AS change
FROM loaded FULL JOIN held USING (import_id, currency)
WHERE change <> 0 AND (EXISTS (SELECT 1 FROM erased)
  OR EXISTS (SELECT 1 FROM imports WHERE undone_at IS NOT NULL));
