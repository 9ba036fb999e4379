CREATE TABLE open_data_vintages (
    id uuid PRIMARY KEY,
    first_month integer NOT NULL,
    last_month integer NOT NULL CHECK (last_month >= first_month),
    published_at timestamptz NOT NULL,
    published_by uuid NOT NULL REFERENCES users (id),
    numbers integer NOT NULL,
    hidden integer NOT NULL CHECK (hidden BETWEEN 0 AND numbers)
);

-- A month is in one vintage only: the primary key stands behind the rule.
CREATE TABLE open_data_months (
    month integer PRIMARY KEY,
    vintage_id uuid NOT NULL REFERENCES open_data_vintages (id)
);

CREATE TABLE open_data_files (
    vintage_id uuid NOT NULL REFERENCES open_data_vintages (id),
    name text NOT NULL,
    content bytea NOT NULL,
    digest bytea NOT NULL,
    PRIMARY KEY (vintage_id, name)
);
