-- Postings summed once by what reports ask. How far it goes, the last one of each day.
CREATE TABLE rollup_marks (
    day TEXT PRIMARY KEY,
    up_to INTEGER NOT NULL,
    folded_at INTEGER NOT NULL
) STRICT;

-- What a family does not tell apart is the nil id, or '-'.
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
    age_band TEXT NOT NULL,
    publics TEXT NOT NULL,
    postings INTEGER NOT NULL,
    workshops INTEGER NOT NULL,
    starts INTEGER NOT NULL,
    amount_cents INTEGER NOT NULL,
    PRIMARY KEY (family, month, agreement_id, workshop_month, kind, lead, venue_id, theme, prescriber_id, home_commune, age_band, publics)
) STRICT, WITHOUT ROWID;

-- What these were for is read from the rollup, and by the line of a pass.
DROP INDEX postings_by_agreement;
DROP INDEX postings_by_redemption;
