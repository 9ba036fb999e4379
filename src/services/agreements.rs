//! Agreements: who pays for what.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::idempotency::{Key, Once, once};
use super::list::{Listed, Page};
use super::programme_request::check_territory;
use super::{Op, Outcome, Services, commune_code};
use crate::domain::caller::{Caller, Role};
use crate::domain::funding_plan::{self, Addition};
use crate::domain::ids::{AgreementId, OrganisationId, ProgrammeId};
use crate::domain::ledger::{self, PostingKind, Subject};
use crate::domain::money::Cents;
use crate::domain::programme::{OpenedBy, Programme};
use crate::domain::refusal::{Check, Code, Refused};
use crate::domain::split::{ShareBp, WHOLE_BP};
use crate::domain::territory::{self, PUBLICS, Territory};
use crate::store;
use crate::store::agreement::AgreementRow;

/// The largest amount, ten thousand million euros: a guard against a misplaced comma.
pub(super) const LARGEST: i64 = 1_000_000_000_000;

/// An agreement to create.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAgreement {
    /// Who pays.
    pub funder_id: Uuid,
    /// Its place in the waterfall, 1 first.
    #[schema(example = 1, minimum = 1, maximum = 100)]
    pub tier: i32,
    /// Its share in basis points; those of a tier add up to 10,000.
    #[schema(example = 3000, minimum = 1, maximum = 10000)]
    pub share_bp: i64,
    /// What the funder promises in all.
    #[schema(example = 5_000_000)]
    pub envelope_cents: i64,
    /// Communes (INSEE code) and départements where the people live.
    #[serde(default, deserialize_with = "commune_code::many")]
    pub territory: Option<Vec<String>>,
    /// Publics the people belong to one of.
    pub publics: Option<Vec<String>>,
    /// First day it takes part.
    pub valid_from: Option<NaiveDate>,
    /// Last day it takes part.
    pub valid_until: Option<NaiveDate>,
}

/// What may change of an agreement.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgreementChange {
    /// A new envelope; not below what is committed already.
    pub envelope_cents: Option<i64>,
    /// First day it takes part.
    pub valid_from: Option<NaiveDate>,
    /// Last day it takes part.
    pub valid_until: Option<NaiveDate>,
}

/// An agreement.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct AgreementView {
    /// The agreement.
    pub id: Uuid,
    /// Its programme.
    pub programme_id: Uuid,
    /// Who pays.
    pub funder_id: Uuid,
    /// Its place in the waterfall.
    pub tier: i32,
    /// Its share in basis points.
    pub share_bp: i32,
    /// What the funder promised in all.
    pub envelope_cents: i64,
    /// What may still be committed.
    pub available_cents: i64,
    /// Where the people live, when limited.
    pub territory: Option<Vec<String>>,
    /// The publics, when limited.
    pub publics: Option<Vec<String>>,
    /// First day it takes part.
    pub valid_from: Option<NaiveDate>,
    /// Last day it takes part.
    pub valid_until: Option<NaiveDate>,
}

impl From<AgreementRow> for AgreementView {
    fn from(row: AgreementRow) -> Self {
        let list = |text: Option<String>| text.map(|text| store::words(Some(&text)));
        Self {
            id: row.id.0,
            programme_id: row.programme_id.0,
            funder_id: row.funder_id.0,
            tier: row.tier,
            share_bp: row.share_bp,
            envelope_cents: row.envelope_cents,
            available_cents: row.available_cents,
            territory: list(row.territory),
            publics: list(row.publics),
            valid_from: row.valid_from,
            valid_until: row.valid_until,
        }
    }
}

/// Adds an agreement to a programme's plan. Opened by signature, its envelope is available at
/// once; opened by receipt, only what is received.
///
/// # Errors
/// Wrong values, `shares_exceed_total`, `share_too_small`, `funder_twice_in_tier`, `not_a_funder`.
pub fn create(
    services: &Services,
    programme: ProgrammeId,
    request: &NewAgreement,
    key: Option<&Key>,
) -> Outcome<Once<AgreementView>> {
    let share = check(request)?;
    once(services, key, |op| {
        store::programme::lock(op.conn, programme)?;
        let found = store::programme::by_id(op.conn, programme)?;
        let programme = found.ok_or_else(Refused::not_found)?;
        check_funder(op, OrganisationId(request.funder_id))?;
        let addition = Addition {
            funder: OrganisationId(request.funder_id),
            tier: request.tier,
            share,
            valid_from: request.valid_from,
            valid_until: request.valid_until,
        };
        let plan = store::agreement::plan(op.conn, programme.id)?;
        addition.fits(&plan, programme.price, programme.first_day)?;
        let signed = programme.opened_by == OpenedBy::Signature;
        let row = AgreementRow {
            id: AgreementId(op.id()),
            programme_id: programme.id,
            funder_id: OrganisationId(request.funder_id),
            tier: request.tier,
            share_bp: i32::from(share.0),
            envelope_cents: request.envelope_cents,
            available_cents: if signed { request.envelope_cents } else { 0 },
            territory: store::joined(request.territory.as_deref().unwrap_or_default()),
            publics: store::joined(request.publics.as_deref().unwrap_or_default()),
            valid_from: request.valid_from,
            valid_until: request.valid_until,
        };
        store::agreement::insert(op.conn, &row, op.now)?;
        if signed && request.envelope_cents > 0 {
            let envelope = Cents(request.envelope_cents);
            post(op, &programme, row.id, PostingKind::Opening, envelope)?;
        }
        Ok(row.into())
    })
}

const ALREADY_COMMITTED: &str =
    "Une partie de cette somme est déjà engagée : l'enveloppe ne peut pas descendre aussi bas.";

/// Changes an agreement's envelope or dates. Passes handed over keep their funding.
///
/// # Errors
/// `not_found`, wrong values, dates that do not fit the plan, or `in_use` when more is committed
/// than the new envelope holds.
pub fn change(
    services: &Services,
    id: AgreementId,
    request: &AgreementChange,
) -> Outcome<AgreementView> {
    services.write(|op| {
        let (mut row, programme) = locked(op, id)?;
        let envelope = request.envelope_cents.unwrap_or(row.envelope_cents);
        row.valid_from = request.valid_from.or(row.valid_from);
        row.valid_until = request.valid_until.or(row.valid_until);
        let mut check = Check::default();
        check_amounts(&mut check, envelope, row.valid_from, row.valid_until);
        check.done()?;
        if request.valid_from.is_some() || request.valid_until.is_some() {
            let plan = store::agreement::plan(op.conn, programme.id)?;
            let days = (row.valid_from, row.valid_until);
            funding_plan::fits_on(plan, id, days, programme.price, programme.first_day)?;
        }
        let promised = store::balances::held(op.conn, id)?.committed;
        if envelope < row.envelope_cents && Cents(envelope) < promised {
            return Err(Refused::new(Code::InUse, ALREADY_COMMITTED).into());
        }
        let more = Cents(envelope - row.envelope_cents);
        row.envelope_cents = envelope;
        if programme.opened_by == OpenedBy::Signature && more != Cents::ZERO {
            row.available_cents += more.0;
            if row.available_cents < 0 {
                return Err(Refused::new(Code::InUse, ALREADY_COMMITTED).into());
            }
            if more.0 > 0 {
                post(op, &programme, id, PostingKind::Opening, more)?;
            } else {
                post(op, &programme, id, PostingKind::Reduction, -more)?;
            }
        }
        store::agreement::update(op.conn, &row)?;
        Ok(row.into())
    })
}

/// The agreements of a programme: all for the operator and the auditor, its own for a funder.
///
/// # Errors
/// `not_found` for a programme that does not exist.
pub fn list(
    services: &Services,
    caller: &Caller,
    programme: ProgrammeId,
    page: Page,
) -> Outcome<Listed<AgreementView>> {
    let after = AgreementId(page.after);
    let rows = services.read(|op| {
        store::programme::by_id(op.conn, programme)?.ok_or_else(Refused::not_found)?;
        Ok(if caller.role == Role::Funder {
            let own = caller.organisation;
            store::agreement::page_of_funder(op.conn, programme, own, after, page.fetch())?
        } else {
            store::agreement::page(op.conn, programme, after, page.fetch())?
        })
    })?;
    Ok(page.cut(rows, |row| row.id.0).map(AgreementView::from))
}

pub(super) fn locked(op: &mut Op<'_>, id: AgreementId) -> Outcome<(AgreementRow, Programme)> {
    if store::agreement::by_id(op.conn, id)?.is_none() {
        return Err(Refused::not_found().into());
    }
    store::agreement::lock(op.conn, id)?;
    let row = store::agreement::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
    let programme = store::programme::by_id(op.conn, row.programme_id)?;
    Ok((row, programme.ok_or_else(Refused::not_found)?))
}

pub(super) fn post(
    op: &mut Op<'_>,
    programme: &Programme,
    agreement: AgreementId,
    kind: PostingKind,
    amount: Cents,
) -> Outcome<()> {
    let month = op.accounting_month(programme.zone)?;
    let parts = [(agreement, amount)];
    let lines = ledger::event(kind, month, &parts, Some(agreement), Subject::default());
    Ok(store::ledger::insert(op.conn, &lines, None, op.now)?)
}

fn check(request: &NewAgreement) -> Result<ShareBp, Refused> {
    let mut check = Check::default();
    let tier = (1..=100).contains(&request.tier);
    check.that(tier, "/tier", "out_of_range", "Le rang va de 1 à 100.");
    let share = u16::try_from(request.share_bp)
        .ok()
        .filter(|share| (1..=WHOLE_BP).contains(&i64::from(*share)));
    let detail = "La part va de 1 à 10 000 points de base (10 000 = 100 %).";
    check.that(share.is_some(), "/share_bp", "out_of_range", detail);
    check_amounts(&mut check, request.envelope_cents, request.valid_from, request.valid_until);
    let territory = request.territory.clone().map(Territory);
    check_territory(&mut check, territory.as_ref());
    check.list(request.publics.as_deref().unwrap_or_default(), 50, "/publics");
    for (position, public) in request.publics.iter().flatten().enumerate() {
        let pointer = format!("/publics/{position}");
        let known = territory::known(PUBLICS, public);
        check.that(known, &pointer, "unknown_value", "Ce public n'est pas dans la liste.");
    }
    check.done()?;
    Ok(ShareBp(share.unwrap_or_default()))
}

fn check_amounts(
    check: &mut Check,
    envelope: i64,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
) {
    let fits = (0..=LARGEST).contains(&envelope);
    let detail = "L'enveloppe est un nombre de centimes, zéro ou plus.";
    check.that(fits, "/envelope_cents", "out_of_range", detail);
    check.days(&[(from, "/valid_from"), (until, "/valid_until")]);
    let order = from.zip(until).is_none_or(|(from, until)| from <= until);
    let detail = "Le dernier jour doit suivre le premier.";
    check.that(order, "/valid_until", "out_of_range", detail);
}

fn check_funder(op: &mut Op<'_>, funder: OrganisationId) -> Outcome<()> {
    let found = store::organisation::by_id(op.conn, funder)?;
    if found.is_some_and(|organisation| organisation.funder) {
        return Ok(());
    }
    let sentence = "Cet organisme n'est pas financeur : modifiez-le d'abord.";
    Err(Refused::new(Code::NotAFunder, sentence).into())
}
