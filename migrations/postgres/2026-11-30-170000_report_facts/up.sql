-- The postings that the sums and the facts of reports hold: those up to a number. What is posted after it is read from
-- the journal.
CREATE TABLE report_watermarks (
    name text PRIMARY KEY,
    up_to bigint NOT NULL,
    -- No posting up to there was recorded later.
    recorded_up_to timestamptz NOT NULL
);

CREATE TABLE report_sums (
    agreement_id uuid NOT NULL,
    month integer NOT NULL,
    workshop_month integer NOT NULL,
    kind text NOT NULL,
    lead boolean NOT NULL,
    postings bigint NOT NULL,
    workshops bigint NOT NULL,
    starts bigint NOT NULL,
    amount_cents bigint NOT NULL,
    PRIMARY KEY (agreement_id, month, workshop_month, kind, lead)
) WITH (fillfactor = 60);

-- What a code of a fact stands for. No code is 0: it stands for nothing.
CREATE TABLE report_codes (
    dimension text NOT NULL,
    code integer NOT NULL,
    id uuid,
    word text,
    PRIMARY KEY (dimension, code),
    UNIQUE (dimension, id),
    UNIQUE (dimension, word),
    CHECK (code > 0 AND (id IS NULL) <> (word IS NULL))
);

-- One narrow row a posting, appended in pieces that are ordered by agreement and month. The wide columns come first, so
-- that no row is padded.
CREATE TABLE report_facts (
    number bigint NOT NULL,
    amount_cents bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    month integer NOT NULL,
    workshop_month integer NOT NULL,
    agreement integer NOT NULL,
    venue integer NOT NULL,
    prescriber integer NOT NULL,
    home_commune integer NOT NULL,
    theme smallint NOT NULL,
    age_band smallint NOT NULL,
    publics smallint NOT NULL,
    kind smallint NOT NULL,
    workshops smallint NOT NULL,
    starts smallint NOT NULL,
    lead boolean NOT NULL
);
CREATE INDEX report_facts_by_agreement ON report_facts (agreement, month);
-- Months lie together: a summary of the pages finds them.
CREATE INDEX report_facts_by_month ON report_facts USING brin (month, workshop_month) WITH (autosummarize = on);

-- The plain sums go on from where they were. Clocks of instances differ by less than ten minutes.
-- The service appends facts by itself, from the first posting on.
INSERT INTO report_sums
    SELECT agreement_id, month, workshop_month, kind, lead, postings, workshops, starts, amount_cents
    FROM rollup_sums WHERE family = 0;
INSERT INTO report_watermarks
    SELECT 'sums', m.up_to, coalesce((SELECT p.recorded_at + interval '10 minutes' FROM postings p WHERE p.number = m.up_to),
        to_timestamp(0))
    FROM (SELECT coalesce(max(up_to), 0) AS up_to FROM rollup_marks WHERE family = 0) m;
INSERT INTO report_watermarks VALUES ('facts', 0, to_timestamp(0));
DROP TABLE rollup_sums;
DROP TABLE rollup_marks;
DROP TYPE new_sum;

-- Reports tell how many passes are in stock.
CREATE INDEX passes_in_stock ON passes (programme_id) WHERE state = 'printed';
