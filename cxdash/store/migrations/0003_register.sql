-- What people know that no export says: days on which something happened that may stand behind a
-- change, and who answers for a metric.
CREATE TABLE events (
  event_id VARCHAR NOT NULL, dated DATE NOT NULL,
  event_kind VARCHAR,                  -- price | outage | leadership | incentive | survey | season | other
  what VARCHAR NOT NULL,
  metric VARCHAR, unit VARCHAR, segment VARCHAR,   -- what it concerns; empty: everything
  source VARCHAR,                      -- who says so
  row_key VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
CREATE TABLE metric_register (
  metric VARCHAR NOT NULL, owner VARCHAR, goal VARCHAR,
  decision VARCHAR, decided_on DATE,   -- the last decision the metric changed, and when
  note VARCHAR,
  row_key VARCHAR NOT NULL, row_hash VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
