CREATE TABLE print_runs (
    id uuid PRIMARY KEY,
    number integer NOT NULL UNIQUE,
    programme_id uuid NOT NULL REFERENCES programmes (id),
    prescriber_id uuid NOT NULL REFERENCES organisations (id),
    units integer NOT NULL CHECK (units BETWEEN 5 AND 10),
    count integer NOT NULL CHECK (count > 0),
    box_size integer NOT NULL CHECK (box_size BETWEEN 1 AND 250),
    layout text NOT NULL,
    cards_per_sheet integer NOT NULL,
    large_print boolean NOT NULL,
    language text,
    commune text,
    ordered_by uuid NOT NULL REFERENCES users (id),
    ordered_at timestamptz NOT NULL,
    codes_taken_at timestamptz,
    codes_taken_by uuid REFERENCES users (id),
    codes_key uuid
);

CREATE TABLE stock_boxes (
    id uuid PRIMARY KEY,
    run_id uuid NOT NULL REFERENCES print_runs (id),
    number integer NOT NULL,
    size integer NOT NULL CHECK (size > 0),
    prescriber_id uuid NOT NULL REFERENCES organisations (id),
    state text NOT NULL CHECK (state IN ('printed', 'shipped', 'received', 'recalled', 'stolen')),
    moved_at timestamptz NOT NULL,
    UNIQUE (run_id, number)
);
CREATE INDEX stock_boxes_by_prescriber ON stock_boxes (prescriber_id, id);

CREATE TABLE stock_events (
    id uuid PRIMARY KEY,
    run_id uuid NOT NULL REFERENCES print_runs (id),
    box_id uuid REFERENCES stock_boxes (id),
    event text NOT NULL,
    from_id uuid REFERENCES organisations (id),
    to_id uuid REFERENCES organisations (id),
    passes integer NOT NULL,
    expected integer,
    note text,
    by_user uuid NOT NULL REFERENCES users (id),
    at timestamptz NOT NULL
);
CREATE INDEX stock_events_by_run ON stock_events (run_id, id);
CREATE INDEX stock_events_by_box ON stock_events (box_id, id);

ALTER TABLE passes ADD COLUMN box_id uuid;
CREATE INDEX passes_by_box ON passes (box_id, id) WHERE box_id IS NOT NULL;
CREATE INDEX passes_by_handover ON passes (prescriber_id, handed_over_at, id) WHERE handed_over_at IS NOT NULL;

CREATE TABLE letterheads (
    organisation_id uuid PRIMARY KEY REFERENCES organisations (id),
    first_line text NOT NULL,
    second_line text NOT NULL,
    logo_png bytea,
    changed_by uuid NOT NULL REFERENCES users (id),
    changed_at timestamptz NOT NULL
);
