DROP INDEX passes_in_stock;
CREATE TABLE rollup_marks (
    day date NOT NULL,
    up_to bigint NOT NULL,
    folded_at timestamptz NOT NULL,
    family integer NOT NULL,
    PRIMARY KEY (family, day)
);
CREATE TABLE rollup_sums (
    family integer NOT NULL,
    month integer NOT NULL,
    workshop_month integer NOT NULL,
    agreement_id uuid NOT NULL,
    kind text NOT NULL,
    lead boolean NOT NULL,
    venue_id uuid NOT NULL,
    theme text NOT NULL,
    prescriber_id uuid NOT NULL,
    home_commune text NOT NULL,
    age_band text NOT NULL,
    publics text NOT NULL,
    postings bigint NOT NULL,
    workshops bigint NOT NULL,
    starts bigint NOT NULL,
    amount_cents bigint NOT NULL,
    departement text NOT NULL,
    PRIMARY KEY (family, month, agreement_id, workshop_month, kind, lead, venue_id, theme, prescriber_id, home_commune, departement, age_band, publics)
) PARTITION BY LIST (family);
CREATE TABLE rollup_sums_plain PARTITION OF rollup_sums FOR VALUES IN (0) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_theme PARTITION OF rollup_sums FOR VALUES IN (1) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_age_band PARTITION OF rollup_sums FOR VALUES IN (2) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_public PARTITION OF rollup_sums FOR VALUES IN (3) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_prescriber PARTITION OF rollup_sums FOR VALUES IN (4) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_venue PARTITION OF rollup_sums FOR VALUES IN (5) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_home_commune PARTITION OF rollup_sums FOR VALUES IN (6) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_departement PARTITION OF rollup_sums FOR VALUES IN (7) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_home_commune_and_quarter PARTITION OF rollup_sums FOR VALUES IN (8) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_home_commune_and_year PARTITION OF rollup_sums FOR VALUES IN (9) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_age_band_and_public PARTITION OF rollup_sums FOR VALUES IN (10) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_theme_and_age_band PARTITION OF rollup_sums FOR VALUES IN (11) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_theme_and_public PARTITION OF rollup_sums FOR VALUES IN (12) WITH (fillfactor = 60);
CREATE TABLE rollup_sums_by_prescriber_and_public PARTITION OF rollup_sums FOR VALUES IN (13) WITH (fillfactor = 60);
CREATE TYPE new_sum AS (
    family bigint, month bigint, agreement_id uuid, workshop_month bigint, kind text, lead boolean, venue_id uuid,
    theme text, prescriber_id uuid, home_commune text, departement text, age_band text, publics text,
    postings bigint, workshops bigint, starts bigint, amount_cents bigint
);
DROP TABLE report_facts;
DROP TABLE report_codes;
DROP TABLE report_sums;
DROP TABLE report_watermarks;
