//! The account of one agreement: what its money became, and whether the funder's condition is
//! met. This is what a funder signs.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::agreements::locked;
use super::ending::{BY_AGREEMENT, whole};
use super::read_stock::organisation_name;
use super::{Op, Outcome, Services};
use crate::domain::caller::Caller;
use crate::domain::grant::{Condition, capped_grant, claim, is_capped_grant, missing_passes, used};
use crate::domain::ids::AgreementId;
use crate::domain::money::Cents;
use crate::domain::refusal::{Check, Refused};
use crate::domain::report::{Balances, Counters};
use crate::domain::territory::{self, PUBLICS};
use crate::store;
use crate::store::agreement::AgreementRow;

/// A funder's condition, beside its share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ConditionView {
    /// The State's rule of 2020: at most a rate of what was used, and a least part of the passes
    /// for given publics.
    UsedShare {
        /// At most so much of what was used, in basis points.
        #[schema(example = 5000)]
        rate_bp: i64,
        /// The publics that count.
        publics: Vec<String>,
        /// At least so many of ten thousand passes go to them.
        #[schema(example = 5000)]
        least_bp: i64,
    },
    /// The State's rule of 2019: rate × total, capped, paid in full at signature.
    CappedGrant {
        /// The rate, in basis points of the total.
        #[schema(example = 3500)]
        rate_bp: i64,
        /// The whole budget of the project.
        total_cents: i64,
        /// The most the grant may be.
        cap_cents: Option<i64>,
    },
}

/// How far a condition is met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ConditionResult {
    /// Of the rule of 2020.
    UsedShare {
        /// What all funders together paid for the workshops that were used.
        used_cents: i64,
        /// What the funder owes: the rate of it, never more than its part or its envelope.
        claim_cents: i64,
        /// Passes handed over.
        passes: i64,
        /// Those for the publics.
        passes_to_publics: i64,
        /// How many more must go to them.
        missing_passes: i64,
        /// Whether the least part is reached.
        met: bool,
    },
    /// Of the rule of 2019.
    CappedGrant {
        /// Rate × total, capped, to the cent.
        grant_cents: i64,
        /// Whether the envelope is that amount.
        met: bool,
        /// What of the grant was not used, and is given back.
        unused_cents: i64,
    },
}

/// What became of an agreement's money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgreementAccount {
    /// The agreement.
    pub agreement_id: Uuid,
    /// The programme.
    pub programme_id: Uuid,
    /// Its name.
    pub programme_name: String,
    /// The funder.
    pub funder_id: Uuid,
    /// Its name.
    pub funder_name: String,
    /// Its tier.
    pub tier: i32,
    /// Its share, in basis points.
    pub share_bp: i32,
    /// What it promised.
    pub envelope_cents: i64,
    /// Paid in.
    pub received_cents: i64,
    /// Committed by handovers.
    pub committed_cents: i64,
    /// Consumed by workshops, undone ones taken off.
    pub consumed_cents: i64,
    /// Released by expiry and void.
    pub released_cents: i64,
    /// Paid to venues' organisations.
    pub paid_cents: i64,
    /// Given back.
    pub refunded_cents: i64,
    /// What may still be committed.
    pub available_cents: i64,
    /// Promised to passes and not used yet.
    pub committed_balance_cents: i64,
    /// Owed to venues' organisations.
    pub payable_cents: i64,
    /// In cash.
    pub cash_cents: i64,
    /// Passes handed over with its money.
    pub passes_handed_over: i64,
    /// Workshops redeemed with its money, undone ones taken off.
    pub workshops_redeemed: i64,
    /// The funder's condition, when it has one.
    pub condition: Option<ConditionView>,
    /// How far it is met.
    pub result: Option<ConditionResult>,
    /// When this was asked, RFC 3339.
    pub as_of: String,
}

/// The account of an agreement: a funder's own.
///
/// # Errors
/// `not_found`, also for another funder's.
pub fn account(services: &Services, caller: &Caller, id: AgreementId) -> Outcome<AgreementAccount> {
    services.read(|op| {
        let row = store::agreement::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
        if !caller.sees_all() && row.funder_id != caller.organisation {
            return Err(Refused::not_found().into());
        }
        view(op, &row)
    })
}

fn view(op: &mut Op<'_>, row: &AgreementRow) -> Outcome<AgreementAccount> {
    let programme = store::programme::by_id(op.conn, row.programme_id)?;
    let programme = programme.ok_or_else(Refused::not_found)?;
    let mut scope = whole(op, row.programme_id);
    scope.funder = Some(row.funder_id);
    let moved = store::figures::consumption(op.conn, &scope, BY_AGREEMENT)?;
    let moved = moved.iter().find(|found| found.is_of(row.id));
    let moved: Counters = moved.map(|row| row.counters).unwrap_or_default();
    let held = store::balances::balances(op.conn, &scope, BY_AGREEMENT)?;
    let held = held.iter().find(|found| found.agreement == Some(row.id));
    let held: Balances = held.map(store::balances::BalanceRow::balances).unwrap_or_default();
    let condition = store::agreement_condition::of_agreement(op.conn, row.id)?;
    let used = used(programme.price, moved.workshops_redeemed);
    let result = match &condition {
        Some(condition) => Some(result(op, row, condition, used, &moved)?),
        None => None,
    };
    Ok(AgreementAccount {
        agreement_id: row.id.0,
        programme_id: programme.id.0,
        programme_name: programme.name,
        funder_id: row.funder_id.0,
        funder_name: organisation_name(op, row.funder_id)?,
        tier: row.tier,
        share_bp: row.share_bp,
        envelope_cents: row.envelope_cents,
        received_cents: moved.received_cents,
        committed_cents: moved.committed_cents,
        consumed_cents: moved.consumed_cents,
        released_cents: moved.released_cents,
        paid_cents: moved.paid_cents,
        refunded_cents: moved.refunded_cents,
        available_cents: held.available_cents,
        committed_balance_cents: held.committed_balance_cents,
        payable_cents: held.payable_cents,
        cash_cents: store::balances::held(op.conn, row.id)?.cash.0,
        passes_handed_over: moved.passes_handed_over,
        workshops_redeemed: moved.workshops_redeemed,
        condition: condition.map(condition_view),
        result,
        as_of: op.now.to_string(),
    })
}

fn result(
    op: &mut Op<'_>,
    row: &AgreementRow,
    condition: &Condition,
    used: Cents,
    moved: &Counters,
) -> Outcome<ConditionResult> {
    let consumed = Cents(moved.consumed_cents);
    Ok(match condition {
        Condition::UsedShare { rate_bp, publics, least_bp } => {
            let mut scope = whole(op, row.programme_id);
            scope.funder = Some(row.funder_id);
            let passes = store::agreement_condition::passes(op.conn, &scope, row.id, publics)?;
            let missing = missing_passes(passes.all_passes, passes.to_publics, *least_bp);
            let envelope = Cents(row.envelope_cents);
            ConditionResult::UsedShare {
                used_cents: used.0,
                claim_cents: claim(used, *rate_bp, consumed, envelope).0,
                passes: passes.all_passes,
                passes_to_publics: passes.to_publics,
                missing_passes: missing,
                met: missing == 0,
            }
        }
        Condition::CappedGrant { rate_bp, total, cap } => {
            let grant = capped_grant(*total, *rate_bp, *cap);
            ConditionResult::CappedGrant {
                grant_cents: grant.0,
                met: is_capped_grant(Cents(row.envelope_cents), *total, *rate_bp, *cap),
                unused_cents: (grant - consumed).0.max(0),
            }
        }
    })
}

fn condition_view(condition: Condition) -> ConditionView {
    match condition {
        Condition::UsedShare { rate_bp, publics, least_bp } => {
            ConditionView::UsedShare { rate_bp, publics, least_bp }
        }
        Condition::CappedGrant { rate_bp, total, cap } => ConditionView::CappedGrant {
            rate_bp,
            total_cents: total.0,
            cap_cents: cap.map(|cap| cap.0),
        },
    }
}

/// Sets the funder's condition of an agreement, or takes it away.
///
/// # Errors
/// `not_found`, or wrong values: a capped grant must be the envelope.
pub fn set_condition(
    services: &Services,
    caller: &Caller,
    id: AgreementId,
    request: Option<&ConditionView>,
) -> Outcome<AgreementAccount> {
    services.write(|op| {
        let (row, _) = locked(op, id)?;
        match request {
            None => store::agreement_condition::remove(op.conn, id)?,
            Some(request) => {
                let condition = checked(&row, request)?;
                store::agreement_condition::set(op.conn, id, &condition, caller.user, op.now)?;
            }
        }
        view(op, &row)
    })
}

fn checked(row: &AgreementRow, request: &ConditionView) -> Result<Condition, Refused> {
    let mut check = Check::default();
    let condition = match request.clone() {
        ConditionView::UsedShare { rate_bp, publics, least_bp } => {
            check_rate(&mut check, rate_bp);
            let least = (0..=10_000).contains(&least_bp);
            check.that(least, "/least_bp", "out_of_range", "La part va de 0 à 10 000.");
            let known = |public: &String| territory::known(PUBLICS, public);
            check.list(&publics, 50, "/publics");
            let fine = !publics.is_empty() && publics.iter().all(known);
            check.that(fine, "/publics", "unknown_value", "Choisissez au moins un public connu.");
            Condition::UsedShare { rate_bp, publics, least_bp }
        }
        ConditionView::CappedGrant { rate_bp, total_cents, cap_cents } => {
            check_rate(&mut check, rate_bp);
            let within = |cents: i64| (1..=super::agreements::LARGEST).contains(&cents);
            let detail = "Ce montant va de 1 centime à 10 milliards d'euros.";
            check.that(within(total_cents), "/total_cents", "out_of_range", detail);
            check.that(cap_cents.is_none_or(within), "/cap_cents", "out_of_range", detail);
            let (total, cap) = (Cents(total_cents), cap_cents.map(Cents));
            if within(total_cents) && (1..=10_000).contains(&rate_bp) {
                let grant = capped_grant(total, rate_bp, cap);
                let detail = format!(
                    "Le taux appliqué au total donne {grant}, et l'enveloppe est de {} : les deux \
                     doivent être égaux, au centime près ou à l'euro le plus proche.",
                    Cents(row.envelope_cents)
                );
                let same = is_capped_grant(Cents(row.envelope_cents), total, rate_bp, cap);
                check.that(same, "/total_cents", "not_the_envelope", &detail);
            }
            Condition::CappedGrant { rate_bp, total, cap }
        }
    };
    check.done()?;
    Ok(condition)
}

fn check_rate(check: &mut Check, rate_bp: i64) {
    let fine = (1..=10_000).contains(&rate_bp);
    check.that(fine, "/rate_bp", "out_of_range", "Le taux va de 1 à 10 000 points de base.");
}
