-- A row of an import that repeats the then current version of its key is not stored a second time;
-- it is noted here, so that undoing the import that holds the row can hand it to the next one.
CREATE TABLE repeats (
  table_name VARCHAR NOT NULL,
  row_key VARCHAR NOT NULL,
  row_hash VARCHAR NOT NULL,
  import_id INTEGER NOT NULL,
  line_no BIGINT NOT NULL
);
