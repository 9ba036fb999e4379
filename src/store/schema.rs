//! The tables, the same on both engines.

#![cfg_attr(
    not(test),
    expect(clippy::wildcard_imports, reason = "how diesel's macro names its types")
)]

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    installation (id) {
        id -> Integer,
        key_check -> Binary,
        created_at -> Moment,
        audit_number -> BigInt,
        audit_digest -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::Moment;

    clock_marks (id) {
        id -> Integer,
        at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::Moment;

    key_checks (name) {
        name -> Text,
        key_check -> Binary,
        added_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    organisations (id) {
        id -> Id,
        name -> Text,
        siret -> Nullable<Text>,
        rna -> Nullable<Text>,
        funder -> Bool,
        prescriber -> Bool,
        venue_operator -> Bool,
        created_at -> Moment,
        frozen -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    users (id) {
        id -> Id,
        email -> Text,
        name -> Text,
        organisation_id -> Id,
        role -> Text,
        manager -> Bool,
        active -> Bool,
        password_hash -> Nullable<Text>,
        invitation_hash -> Nullable<Binary>,
        invitation_ends_at -> Nullable<Moment>,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    refresh_tokens (id) {
        id -> Id,
        family_id -> Id,
        user_id -> Id,
        token_hash -> Binary,
        created_at -> Moment,
        ends_at -> Moment,
        used_at -> Nullable<Moment>,
        revoked_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    sessions (id) {
        id -> Id,
        user_id -> Id,
        token_hash -> Binary,
        created_at -> Moment,
        ends_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    wrong_codes (id) {
        id -> Id,
        user_id -> Id,
        at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    look_ups (id) {
        id -> Id,
        user_id -> Id,
        at -> Moment,
        person -> Nullable<Binary>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    idempotency_keys (key, organisation_id) {
        key -> Id,
        organisation_id -> Id,
        request_hash -> Binary,
        answer -> Text,
        personal -> Bool,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    programmes (id) {
        id -> Id,
        name -> Text,
        price_cents -> BigInt,
        sizes -> Text,
        first_day -> Date,
        last_day -> Date,
        tolerance_days -> Integer,
        time_zone -> Text,
        max_per_day -> Integer,
        passes_per_person -> Integer,
        undo_days -> Integer,
        opened_by -> Text,
        training -> Bool,
        territory -> Nullable<Text>,
        fingerprint_salt -> Nullable<Binary>,
        created_at -> Moment,
        handovers_stopped_at -> Nullable<Moment>,
        handovers_stopped_by -> Nullable<Id>,
        over_since -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    agreements (id) {
        id -> Id,
        programme_id -> Id,
        funder_id -> Id,
        tier -> Integer,
        share_bp -> Integer,
        envelope_cents -> BigInt,
        available_cents -> BigInt,
        territory -> Nullable<Text>,
        publics -> Nullable<Text>,
        valid_from -> Nullable<Date>,
        valid_until -> Nullable<Date>,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    money_movements (id) {
        id -> Id,
        agreement_id -> Id,
        kind -> Text,
        amount_cents -> BigInt,
        moved_on -> Date,
        reference -> Text,
        recorded_by -> Id,
        recorded_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    venues (id) {
        id -> Id,
        organisation_id -> Id,
        external_id -> Nullable<Text>,
        name -> Text,
        address -> Text,
        address_complement -> Nullable<Text>,
        postal_code -> Text,
        commune -> Text,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        phone -> Nullable<Text>,
        services -> Text,
        opening_hours -> Nullable<Text>,
        sheet -> Text,
        created_at -> Moment,
        updated_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    labels (id) {
        id -> Id,
        venue_id -> Id,
        valid_from -> Date,
        valid_until -> Date,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    suspensions (id) {
        id -> Id,
        venue_id -> Id,
        suspended_from -> Date,
        suspended_until -> Nullable<Date>,
        reason -> Text,
        created_at -> Moment,
        lifted_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    programme_prescribers (programme_id, organisation_id) {
        programme_id -> Id,
        organisation_id -> Id,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    programme_venues (programme_id, venue_id) {
        programme_id -> Id,
        venue_id -> Id,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    passes (id) {
        id -> Id,
        origin_id -> Id,
        serial -> Text,
        code_hash -> Binary,
        key_number -> Integer,
        programme_id -> Id,
        prescriber_id -> Id,
        units -> Integer,
        used_mask -> Integer,
        state -> Text,
        first_day -> Date,
        last_day -> Date,
        redeemable_until -> Date,
        released -> Bool,
        training -> Bool,
        handed_over_at -> Nullable<Moment>,
        handed_over_by -> Nullable<Id>,
        fingerprint -> Nullable<Binary>,
        person_rank -> Nullable<Integer>,
        home_commune -> Nullable<Text>,
        age_band -> Nullable<Text>,
        gender -> Nullable<Text>,
        social_status -> Nullable<Text>,
        publics -> Nullable<Text>,
        box_id -> Nullable<Id>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    pass_events (id) {
        id -> Id,
        pass_id -> Id,
        event -> Text,
        reason -> Nullable<Text>,
        other_pass_id -> Nullable<Id>,
        by_user -> Nullable<Id>,
        at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    pass_fundings (pass_id, position) {
        pass_id -> Id,
        position -> Integer,
        agreement_id -> Id,
        share_bp -> Integer,
        amount_cents -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    redemptions (id) {
        id -> Id,
        pass_id -> Id,
        origin_id -> Id,
        slot -> Integer,
        venue_id -> Id,
        organisation_id -> Id,
        user_id -> Id,
        theme -> Text,
        minutes -> Nullable<Integer>,
        mode -> Nullable<Text>,
        workshop_day -> Date,
        redeemed_at -> Moment,
        price_cents -> BigInt,
        training -> Bool,
        reversed -> Bool,
        scheduled_workshop_id -> Nullable<Id>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    reversals (id) {
        id -> Id,
        redemption_id -> Id,
        reason -> Text,
        user_id -> Id,
        reversed_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    postings (number) {
        number -> BigInt,
        kind -> Text,
        from_account -> Text,
        to_account -> Text,
        agreement_id -> Id,
        amount_cents -> BigInt,
        month -> Integer,
        workshop_month -> Integer,
        origin_id -> Nullable<Id>,
        redemption_id -> Nullable<Id>,
        venue_id -> Nullable<Id>,
        payee_id -> Nullable<Id>,
        workshops -> Integer,
        starts -> Integer,
        lead -> Bool,
        recorded_at -> Moment,
        statement_id -> Nullable<Id>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    scheduled_workshops (id) {
        id -> Id,
        venue_id -> Id,
        theme -> Text,
        starts_at -> Moment,
        minutes -> Integer,
        seats -> Integer,
        cancelled -> Bool,
        planned_by -> Id,
        created_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    offline_scans (id) {
        id -> Id,
        organisation_id -> Id,
        key -> Id,
        device -> Text,
        user_id -> Id,
        venue_id -> Id,
        pass_id -> Nullable<Id>,
        code_ending -> Text,
        theme -> Text,
        scanned_at -> Moment,
        received_at -> Moment,
        skew_seconds -> Nullable<BigInt>,
        skewed -> Bool,
        redemption_id -> Nullable<Id>,
        refusal -> Nullable<Text>,
        sentence -> Nullable<Text>,
        resolved_at -> Nullable<Moment>,
        resolved_by -> Nullable<Id>,
        resolution -> Nullable<Text>,
        scheduled_workshop_id -> Nullable<Id>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    print_runs (id) {
        id -> Id,
        number -> Integer,
        programme_id -> Id,
        prescriber_id -> Id,
        units -> Integer,
        count -> Integer,
        box_size -> Integer,
        layout -> Text,
        cards_per_sheet -> Integer,
        large_print -> Bool,
        language -> Nullable<Text>,
        commune -> Nullable<Text>,
        ordered_by -> Id,
        ordered_at -> Moment,
        codes_taken_at -> Nullable<Moment>,
        codes_taken_by -> Nullable<Id>,
        codes_key -> Nullable<Id>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    stock_boxes (id) {
        id -> Id,
        run_id -> Id,
        number -> Integer,
        size -> Integer,
        prescriber_id -> Id,
        state -> Text,
        moved_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    stock_events (id) {
        id -> Id,
        run_id -> Id,
        box_id -> Nullable<Id>,
        event -> Text,
        from_id -> Nullable<Id>,
        to_id -> Nullable<Id>,
        passes -> Integer,
        expected -> Nullable<Integer>,
        note -> Nullable<Text>,
        by_user -> Id,
        at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    letterheads (organisation_id) {
        organisation_id -> Id,
        first_line -> Text,
        second_line -> Text,
        logo_png -> Nullable<Binary>,
        changed_by -> Id,
        changed_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    closed_months (month) {
        month -> Integer,
        closed_at -> Moment,
        closed_by -> Nullable<Id>,
        postings -> BigInt,
        digest -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    closed_figures (month, agreement_id) {
        month -> Integer,
        agreement_id -> Id,
        workshops_redeemed -> BigInt,
        received_cents -> BigInt,
        committed_cents -> BigInt,
        consumed_cents -> BigInt,
        released_cents -> BigInt,
        paid_cents -> BigInt,
        refunded_cents -> BigInt,
        available_cents -> BigInt,
        committed_balance_cents -> BigInt,
        payable_cents -> BigInt,
        cash_cents -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    statements (id) {
        id -> Id,
        year -> Integer,
        number -> Integer,
        organisation_id -> Id,
        month -> Integer,
        workshops -> BigInt,
        amount_cents -> BigInt,
        carried_cents -> BigInt,
        state -> Text,
        carried_into -> Nullable<Id>,
        payment_run_id -> Nullable<Id>,
        issued_at -> Moment,
        approved_at -> Nullable<Moment>,
        approved_by -> Nullable<Id>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    funding_calls (id) {
        id -> Id,
        year -> Integer,
        number -> Integer,
        funder_id -> Id,
        month -> Integer,
        amount_cents -> BigInt,
        issued_at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    closing_statements (id) {
        id -> Id,
        programme_id -> Id,
        year -> Integer,
        number -> Integer,
        established_at -> Moment,
        established_by -> Id,
        printed -> BigInt,
        in_stock -> BigInt,
        handed_over -> BigInt,
        started -> BigInt,
        workshops_granted -> BigInt,
        workshops_redeemed -> BigInt,
        workshops_lapsed -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    closing_statement_lines (statement_id, agreement_id) {
        statement_id -> Id,
        agreement_id -> Id,
        received_cents -> BigInt,
        committed_cents -> BigInt,
        consumed_cents -> BigInt,
        released_cents -> BigInt,
        available_cents -> BigInt,
        payable_cents -> BigInt,
        cash_cents -> BigInt,
        to_return_cents -> BigInt,
        credited_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    closing_statement_signatures (statement_id, funder_id) {
        statement_id -> Id,
        funder_id -> Id,
        agreed_at -> Moment,
        agreed_by -> Id,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    open_data_vintages (id) {
        id -> Id,
        first_month -> Integer,
        last_month -> Integer,
        published_at -> Moment,
        published_by -> Id,
        numbers -> Integer,
        hidden -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    open_data_months (month) {
        month -> Integer,
        vintage_id -> Id,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    open_data_files (vintage_id, name) {
        vintage_id -> Id,
        name -> Text,
        content -> Binary,
        digest -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    agreement_conditions (agreement_id) {
        agreement_id -> Id,
        kind -> Text,
        rate_bp -> Integer,
        total_cents -> Nullable<BigInt>,
        cap_cents -> Nullable<BigInt>,
        publics -> Nullable<Text>,
        least_bp -> Nullable<Integer>,
        changed_at -> Moment,
        changed_by -> Id,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    bank_details (id) {
        id -> Id,
        organisation_id -> Id,
        holder -> Text,
        iban_ending -> Text,
        sealed -> Binary,
        key_number -> Integer,
        state -> Text,
        proposed_at -> Moment,
        proposed_by -> Id,
        decided_at -> Nullable<Moment>,
        decided_by -> Nullable<Id>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    payment_runs (id) {
        id -> Id,
        year -> Integer,
        number -> Integer,
        debtor_id -> Id,
        execution_day -> Date,
        transfers -> Integer,
        control_sum_cents -> BigInt,
        created_at -> Moment,
        created_by -> Id,
        executed_on -> Nullable<Date>,
        executed_at -> Nullable<Moment>,
        executed_by -> Nullable<Id>,
        refused_at -> Nullable<Moment>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    payment_files (run_id, version) {
        run_id -> Id,
        version -> Text,
        sealed -> Binary,
        key_number -> Integer,
        sha256 -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    payments (run_id, statement_id) {
        run_id -> Id,
        statement_id -> Id,
        creditor_id -> Id,
        amount_cents -> BigInt,
        rejected_at -> Nullable<Moment>,
        rejected_by -> Nullable<Id>,
        reject_code -> Nullable<Text>,
        reject_reason -> Nullable<Text>,
        payee_check -> Nullable<Text>,
        payee_name -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    audit_addresses (number) {
        number -> BigInt,
        address -> Text,
        at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    audit_entries (number) {
        number -> BigInt,
        at -> Moment,
        user_id -> Nullable<Id>,
        organisation_id -> Nullable<Id>,
        act -> Text,
        target -> Text,
        subject_id -> Nullable<Id>,
        status -> Integer,
        request_id -> Nullable<Id>,
        digest -> Binary,
    }
}

// Which tables a query may join. Each pair costs the compiler a dozen implementations: only those that
// are joined stand here.
diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::Moment;

    sign_in_attempts (key) {
        key -> Binary,
        failures -> Integer,
        since -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::Moment;

    heartbeats (id) {
        id -> Integer,
        at -> Moment,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::store::sql_types::{Id, Moment};

    repayments (statement_id) {
        statement_id -> Id,
        amount_cents -> BigInt,
        received_on -> Date,
        reference -> Text,
        recorded_at -> Moment,
        recorded_by -> Id,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    organisations,
    users,
    programmes,
    agreements,
    money_movements,
    venues,
    labels,
    suspensions,
    programme_prescribers,
    programme_venues,
    passes,
    pass_fundings,
    redemptions,
    postings,
);
diesel::allow_tables_to_appear_in_same_query!(audit_entries, organisations);
diesel::allow_tables_to_appear_in_same_query!(audit_entries, users);
diesel::allow_tables_to_appear_in_same_query!(refresh_tokens, sessions);
diesel::allow_tables_to_appear_in_same_query!(users, wrong_codes);
diesel::allow_tables_to_appear_in_same_query!(organisations, wrong_codes);
diesel::allow_tables_to_appear_in_same_query!(redemptions, reversals);
diesel::allow_tables_to_appear_in_same_query!(passes, reversals);
diesel::allow_tables_to_appear_in_same_query!(venues, reversals);
diesel::allow_tables_to_appear_in_same_query!(organisations, reversals);
diesel::allow_tables_to_appear_in_same_query!(redemptions, scheduled_workshops);
diesel::allow_tables_to_appear_in_same_query!(print_runs, stock_boxes);
diesel::allow_tables_to_appear_in_same_query!(passes, stock_boxes);
diesel::allow_tables_to_appear_in_same_query!(closed_figures, closed_months);
diesel::allow_tables_to_appear_in_same_query!(closed_figures, agreements);
diesel::allow_tables_to_appear_in_same_query!(closed_figures, programmes);
diesel::allow_tables_to_appear_in_same_query!(
    closing_statements,
    closing_statement_lines,
    closing_statement_signatures,
);
diesel::allow_tables_to_appear_in_same_query!(
    open_data_vintages,
    open_data_months,
    open_data_files,
);
diesel::allow_tables_to_appear_in_same_query!(payment_runs, payment_files, payments, statements);
