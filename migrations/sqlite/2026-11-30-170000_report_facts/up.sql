-- The postings that the sums and the facts of reports hold: those up to a number. What is posted after it is read from
-- the journal.
CREATE TABLE report_watermarks (
    name TEXT NOT NULL PRIMARY KEY,
    up_to INTEGER NOT NULL,
    -- No posting up to there was recorded later.
    recorded_up_to INTEGER NOT NULL
) STRICT;

CREATE TABLE report_sums (
    agreement_id BLOB NOT NULL,
    month INTEGER NOT NULL,
    workshop_month INTEGER NOT NULL,
    kind TEXT NOT NULL,
    lead INTEGER NOT NULL,
    postings INTEGER NOT NULL,
    workshops INTEGER NOT NULL,
    starts INTEGER NOT NULL,
    amount_cents INTEGER NOT NULL,
    PRIMARY KEY (agreement_id, month, workshop_month, kind, lead)
) STRICT, WITHOUT ROWID;

-- What a code of a fact stands for. No code is 0: it stands for nothing.
CREATE TABLE report_codes (
    dimension TEXT NOT NULL,
    code INTEGER NOT NULL,
    id BLOB,
    word TEXT,
    PRIMARY KEY (dimension, code),
    UNIQUE (dimension, id),
    UNIQUE (dimension, word),
    CHECK (code > 0 AND (id IS NULL) <> (word IS NULL))
) STRICT;

-- One narrow row a posting, ordered by agreement and month.
CREATE TABLE report_facts (
    number INTEGER NOT NULL,
    amount_cents INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    month INTEGER NOT NULL,
    workshop_month INTEGER NOT NULL,
    agreement INTEGER NOT NULL,
    venue INTEGER NOT NULL,
    prescriber INTEGER NOT NULL,
    home_commune INTEGER NOT NULL,
    theme INTEGER NOT NULL,
    age_band INTEGER NOT NULL,
    publics INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    workshops INTEGER NOT NULL,
    starts INTEGER NOT NULL,
    lead INTEGER NOT NULL,
    PRIMARY KEY (agreement, month, number)
) STRICT, WITHOUT ROWID;

-- The plain sums go on from where they were. Clocks of instances differ by less than ten minutes.
-- The service appends facts by itself, from the first posting on.
INSERT INTO report_sums
    SELECT agreement_id, month, workshop_month, kind, lead, postings, workshops, starts, amount_cents
    FROM rollup_sums WHERE family = 0;
INSERT INTO report_watermarks
    SELECT 'sums', m.up_to, coalesce((SELECT p.recorded_at + 600000000 FROM postings p WHERE p.number = m.up_to), 0)
    FROM (SELECT coalesce(max(up_to), 0) AS up_to FROM rollup_marks WHERE family = 0) m;
INSERT INTO report_watermarks VALUES ('facts', 0, 0);
DROP TABLE rollup_sums;
DROP TABLE rollup_marks;

-- Reports tell how many passes are in stock.
CREATE INDEX passes_in_stock ON passes (programme_id) WHERE state = 'printed';
