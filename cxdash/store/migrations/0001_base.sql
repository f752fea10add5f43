-- The first schema. Keys are text. Money is DECIMAL(18,4) beside an ISO currency code.
-- Every canonical row carries: row_key (natural key within its table), row_hash (hash of its content),
-- import_id, line_no (line in the file), is_current (no later import of the same key stands above it).

CREATE TABLE store_info (name VARCHAR NOT NULL, value VARCHAR NOT NULL);
CREATE TABLE settings (name VARCHAR NOT NULL, value VARCHAR NOT NULL);

CREATE TABLE imports (
  import_id INTEGER NOT NULL,
  kind VARCHAR NOT NULL,
  file_name VARCHAR NOT NULL,
  sheet VARCHAR,
  sha256 VARCHAR NOT NULL,
  bytes BIGINT NOT NULL,
  layout VARCHAR NOT NULL,             -- fingerprint of the header, to reuse a mapping
  mapping VARCHAR NOT NULL,            -- the mapping as TOML
  columns VARCHAR[] NOT NULL,          -- header of the raw cells kept
  completeness VARCHAR NOT NULL,       -- complete | sample | unknown, as the person said
  is_demo BOOLEAN NOT NULL,
  rows_read BIGINT NOT NULL,           -- = loaded + duplicate + rejected
  rows_loaded BIGINT NOT NULL,         -- new + superseding
  rows_superseding BIGINT NOT NULL,    -- of the loaded, those that replaced an earlier version
  rows_duplicate BIGINT NOT NULL,
  rows_rejected BIGINT NOT NULL,
  receipt VARCHAR NOT NULL,            -- the whole receipt as JSON
  imported_at TIMESTAMP NOT NULL,
  undone_at TIMESTAMP
);
CREATE SEQUENCE import_ids START 1;

CREATE TABLE raw_rows (
  import_id INTEGER NOT NULL,
  line_no BIGINT NOT NULL,
  cells VARCHAR[] NOT NULL,
  status VARCHAR NOT NULL,             -- loaded | duplicate | rejected
  reason VARCHAR
);

CREATE TABLE customers (
  customer_id VARCHAR NOT NULL,
  name VARCHAR, segment VARCHAR, plan VARCHAR, region VARCHAR, industry VARCHAR, owner VARCHAR,
  since DATE, acquired_by VARCHAR,
  row_key VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
-- Other names of a customer (e-mail, contact id, order-level id) found in a customers file.
CREATE TABLE customer_keys (
  alias VARCHAR NOT NULL, customer_id VARCHAR NOT NULL,
  row_key VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
CREATE TABLE subscriptions (
  subscription_id VARCHAR NOT NULL, customer_id VARCHAR NOT NULL, plan VARCHAR,
  started_on DATE NOT NULL, ended_on DATE, cancelled_on DATE, reason VARCHAR,
  monthly_amount DECIMAL(18,4), currency VARCHAR,
  row_key VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
CREATE TABLE orders (
  order_id VARCHAR NOT NULL, customer_id VARCHAR NOT NULL, ordered_at TIMESTAMP, status VARCHAR,
  row_key VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
-- customer_id and dated may be null when order_id finds them in orders.
CREATE TABLE revenue (
  customer_id VARCHAR, order_id VARCHAR, dated DATE, amount DECIMAL(18,4) NOT NULL, currency VARCHAR NOT NULL,
  revenue_kind VARCHAR NOT NULL,       -- recurring | one-off | refund
  row_key VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
CREATE TABLE responses (
  response_id VARCHAR NOT NULL, customer_id VARCHAR, order_id VARCHAR, answered_at TIMESTAMP NOT NULL,
  survey VARCHAR, channel VARCHAR, touchpoint VARCHAR, unit VARCHAR, agent VARCHAR,
  row_key VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
-- One row an item answered. row_key is the response's row_key.
CREATE TABLE scores (
  item VARCHAR NOT NULL, variant VARCHAR NOT NULL, value DOUBLE NOT NULL,
  scale_low DOUBLE NOT NULL, scale_high DOUBLE NOT NULL, high_is_good BOOLEAN NOT NULL,
  row_key VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
CREATE TABLE comments (
  item VARCHAR NOT NULL, body VARCHAR NOT NULL,
  row_key VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
CREATE TABLE invitations (
  invitation_id VARCHAR NOT NULL, customer_id VARCHAR, sent_at TIMESTAMP NOT NULL, survey VARCHAR, channel VARCHAR, status VARCHAR,
  row_key VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
CREATE TABLE contacts (
  contact_id VARCHAR NOT NULL, customer_id VARCHAR, contacted_at TIMESTAMP NOT NULL, channel VARCHAR, reason VARCHAR,
  minutes DOUBLE, resolved_first BOOLEAN, cost DECIMAL(18,4), currency VARCHAR,
  row_key VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
CREATE TABLE teams (
  unit VARCHAR NOT NULL, period DATE NOT NULL, headcount DOUBLE, engagement DOUBLE, turnover DOUBLE, absence DOUBLE,
  row_key VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
CREATE TABLE pilot_roster (
  pilot VARCHAR NOT NULL, customer_id VARCHAR NOT NULL, arm VARCHAR NOT NULL, assigned_on DATE,
  row_key VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
CREATE TABLE control_totals (
  period DATE NOT NULL, measure VARCHAR NOT NULL, amount DECIMAL(18,4) NOT NULL, currency VARCHAR, signed_by VARCHAR,
  row_key VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
CREATE TABLE fx (
  currency VARCHAR NOT NULL, to_currency VARCHAR NOT NULL, dated DATE NOT NULL, rate DOUBLE NOT NULL,
  row_key VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
