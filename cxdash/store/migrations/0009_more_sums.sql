-- Amounts of contracts, of customers on one day and of control totals are held against receipts too, and so are
-- amounts that are the same in every row of a file, which receipts did not tell. What was undone or erased before, and
-- what a receipt did not tell, is taken as it stands.
INSERT INTO sum_changes
WITH loaded AS (
  SELECT import_id, money.currency AS currency, CAST(money.loaded AS DECIMAL(38,4)) AS amount
  FROM (
    SELECT import_id, unnest(from_json(json_extract(receipt, '$.money'),
      '[{"currency": "VARCHAR", "loaded": "VARCHAR"}]')) AS money
    FROM imports WHERE undone_at IS NULL AND kind IN ('subscriptions', 'snapshots', 'control_totals')
  )
), held AS (
  SELECT import_id, coalesce(currency, '?') AS currency, sum(monthly_amount) AS amount FROM subscriptions
  WHERE monthly_amount IS NOT NULL GROUP BY ALL
  UNION ALL
  SELECT import_id, coalesce(currency, '?'), sum(monthly_amount) FROM snapshots
  WHERE monthly_amount IS NOT NULL GROUP BY ALL
  UNION ALL
  SELECT import_id, currency, sum(amount) FROM control_totals WHERE currency IS NOT NULL GROUP BY ALL
)
SELECT import_id, currency, coalesce(held.amount, 0) - coalesce(loaded.amount, 0) AS change
FROM loaded FULL JOIN held USING (import_id, currency)
WHERE change <> 0 AND (import_id NOT IN (SELECT import_id FROM loaded) OR EXISTS (SELECT 1 FROM erased)
  OR EXISTS (SELECT 1 FROM imports WHERE undone_at IS NOT NULL));
INSERT INTO sum_changes
SELECT c.import_id, coalesce(c.currency, '?'), sum(c.cost)
FROM contacts AS c JOIN imports AS i ON i.import_id = c.import_id
WHERE i.undone_at IS NULL AND coalesce(json_array_length(i.receipt, '$.money'), 0) = 0
  AND c.import_id NOT IN (SELECT import_id FROM sum_changes)
GROUP BY ALL HAVING sum(c.cost) <> 0;
