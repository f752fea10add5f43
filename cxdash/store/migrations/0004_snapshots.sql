-- Customers on one day and whether they had left by then, as a file without dates tells it. It says
-- nothing of when; whatever else it holds of a customer is kept as traits, a row each.
CREATE TABLE snapshots (
  customer_id VARCHAR NOT NULL, has_left BOOLEAN NOT NULL, taken_on DATE,
  tenure_months DOUBLE, monthly_amount DECIMAL(18,4), currency VARCHAR,
  row_key VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
-- row_key is the snapshot's row_key.
CREATE TABLE traits (
  trait VARCHAR NOT NULL, content VARCHAR NOT NULL,
  row_key VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
