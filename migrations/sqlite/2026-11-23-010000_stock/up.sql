CREATE TABLE print_runs (
    id BLOB PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    programme_id BLOB NOT NULL REFERENCES programmes (id),
    prescriber_id BLOB NOT NULL REFERENCES organisations (id),
    units INTEGER NOT NULL CHECK (units BETWEEN 5 AND 10),
    count INTEGER NOT NULL CHECK (count > 0),
    box_size INTEGER NOT NULL CHECK (box_size BETWEEN 1 AND 250),
    layout TEXT NOT NULL,
    cards_per_sheet INTEGER NOT NULL,
    large_print INTEGER NOT NULL,
    language TEXT,
    commune TEXT,
    ordered_by BLOB NOT NULL REFERENCES users (id),
    ordered_at INTEGER NOT NULL,
    codes_taken_at INTEGER,
    codes_taken_by BLOB REFERENCES users (id),
    codes_key BLOB
) STRICT;

CREATE TABLE stock_boxes (
    id BLOB PRIMARY KEY,
    run_id BLOB NOT NULL REFERENCES print_runs (id),
    number INTEGER NOT NULL,
    size INTEGER NOT NULL CHECK (size > 0),
    prescriber_id BLOB NOT NULL REFERENCES organisations (id),
    state TEXT NOT NULL CHECK (state IN ('printed', 'shipped', 'received', 'recalled', 'stolen')),
    moved_at INTEGER NOT NULL,
    UNIQUE (run_id, number)
) STRICT;
CREATE INDEX stock_boxes_by_prescriber ON stock_boxes (prescriber_id, id);

CREATE TABLE stock_events (
    id BLOB PRIMARY KEY,
    run_id BLOB NOT NULL REFERENCES print_runs (id),
    box_id BLOB REFERENCES stock_boxes (id),
    event TEXT NOT NULL,
    from_id BLOB REFERENCES organisations (id),
    to_id BLOB REFERENCES organisations (id),
    passes INTEGER NOT NULL,
    expected INTEGER,
    note TEXT,
    by_user BLOB NOT NULL REFERENCES users (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX stock_events_by_run ON stock_events (run_id, id);
CREATE INDEX stock_events_by_box ON stock_events (box_id, id);

ALTER TABLE passes ADD COLUMN box_id BLOB;
CREATE INDEX passes_by_box ON passes (box_id, id) WHERE box_id IS NOT NULL;
CREATE INDEX passes_by_handover ON passes (prescriber_id, handed_over_at, id) WHERE handed_over_at IS NOT NULL;

CREATE TABLE letterheads (
    organisation_id BLOB PRIMARY KEY REFERENCES organisations (id),
    first_line TEXT NOT NULL,
    second_line TEXT NOT NULL,
    logo_png BLOB,
    changed_by BLOB NOT NULL REFERENCES users (id),
    changed_at INTEGER NOT NULL
) STRICT;
