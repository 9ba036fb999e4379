DROP INDEX passes_in_stock;
CREATE TABLE rollup_marks (
    family INTEGER NOT NULL,
    day TEXT NOT NULL,
    up_to INTEGER NOT NULL,
    folded_at INTEGER NOT NULL,
    PRIMARY KEY (family, day)
) STRICT;
CREATE TABLE rollup_sums (
    family INTEGER NOT NULL,
    month INTEGER NOT NULL,
    workshop_month INTEGER NOT NULL,
    agreement_id BLOB NOT NULL REFERENCES agreements (id),
    kind TEXT NOT NULL,
    lead INTEGER NOT NULL,
    venue_id BLOB NOT NULL,
    theme TEXT NOT NULL,
    prescriber_id BLOB NOT NULL,
    home_commune TEXT NOT NULL,
    departement TEXT NOT NULL,
    age_band TEXT NOT NULL,
    publics TEXT NOT NULL,
    postings INTEGER NOT NULL,
    workshops INTEGER NOT NULL,
    starts INTEGER NOT NULL,
    amount_cents INTEGER NOT NULL,
    PRIMARY KEY (family, month, agreement_id, workshop_month, kind, lead, venue_id, theme, prescriber_id, home_commune, departement, age_band, publics)
) STRICT, WITHOUT ROWID;
DROP TABLE report_facts;
DROP TABLE report_codes;
DROP TABLE report_sums;
DROP TABLE report_watermarks;
