CREATE TABLE open_data_vintages (
    id BLOB PRIMARY KEY,
    first_month INTEGER NOT NULL,
    last_month INTEGER NOT NULL CHECK (last_month >= first_month),
    published_at INTEGER NOT NULL,
    published_by BLOB NOT NULL REFERENCES users (id),
    numbers INTEGER NOT NULL,
    hidden INTEGER NOT NULL CHECK (hidden BETWEEN 0 AND numbers)
) STRICT;

-- A month is in one vintage only: the primary key stands behind the rule.
CREATE TABLE open_data_months (
    month INTEGER PRIMARY KEY,
    vintage_id BLOB NOT NULL REFERENCES open_data_vintages (id)
) STRICT;

CREATE TABLE open_data_files (
    vintage_id BLOB NOT NULL REFERENCES open_data_vintages (id),
    name TEXT NOT NULL,
    content BLOB NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (vintage_id, name)
) STRICT;
