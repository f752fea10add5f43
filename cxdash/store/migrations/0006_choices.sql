-- A question of which several answers may be chosen: one row a choice. row_key is the response's.
CREATE TABLE choices (
  item VARCHAR NOT NULL, choice VARCHAR NOT NULL,
  row_key VARCHAR NOT NULL, import_id INTEGER NOT NULL, line_no BIGINT NOT NULL, is_current BOOLEAN NOT NULL
);
