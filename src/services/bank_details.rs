//! Where organisations are paid: proposed by one person, confirmed by another, kept sealed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::idempotency::{Key, Once, once};
use super::read_stock::organisation_name;
use super::statements::StatementView;
use super::{Error, Op, Outcome, Services};
use crate::adapters::{bank, seal};
use crate::domain::bank_detail::{BankDetail, BankDetailRefusal, BankDetailState};
use crate::domain::caller::{Caller, Role};
use crate::domain::ids::{BankDetailId, OrganisationId};
use crate::domain::payment_run::{BankAccount, LeftOut};
use crate::domain::refusal::{Check, Refused};
use crate::domain::statement::StatementState;
use crate::store;
use crate::store::bank_detail::Sealed;

/// Bank details to propose.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBankDetail {
    /// The holder as the bank knows it: the exact *raison sociale*.
    #[schema(example = "Association Clic et Compagnie")]
    pub holder: String,
    /// The IBAN, as people type it.
    #[schema(example = "FR76 3000 6000 0112 3456 7890 189")]
    pub iban: String,
    /// The BIC.
    #[schema(example = "AGRIFRPP")]
    pub bic: String,
}

/// Bank details as they are shown: never the whole number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BankDetailView {
    /// Their id.
    pub id: Uuid,
    /// Whose account it is.
    pub organisation_id: Uuid,
    /// The organisation's name.
    pub organisation_name: String,
    /// The holder.
    pub holder: String,
    /// The number, masked.
    #[schema(example = "FR•• •••• •••• 0189")]
    pub iban: String,
    /// `proposed`, `confirmed`, `refused` or `ended`.
    pub state: String,
    /// When they were proposed, RFC 3339.
    pub proposed_at: String,
    /// Who proposed them.
    pub proposed_by: String,
    /// When they were confirmed, refused or ended, RFC 3339.
    pub decided_at: Option<String>,
    /// Who confirmed or refused them.
    pub decided_by: Option<String>,
    /// Whether the caller may confirm or refuse them.
    pub may_decide: bool,
}

/// What is sealed together.
#[derive(Serialize, Deserialize)]
struct Account {
    iban: String,
    bic: String,
}

/// Proposes bank details. A proposal that waits is replaced by the new one.
///
/// # Errors
/// `not_found` for another's organisation, or wrong values.
pub fn propose(
    services: &Services,
    caller: &Caller,
    organisation: OrganisationId,
    request: &NewBankDetail,
    key: Option<&Key>,
) -> Outcome<Once<BankDetailView>> {
    let account = checked(request)?;
    once(services, key, |op| {
        of_caller(op, caller, organisation)?;
        let proposed = BankDetailState::Proposed;
        if let Some(before) = store::bank_detail::only(op.conn, organisation, proposed)? {
            let step = (proposed, BankDetailState::Refused);
            store::bank_detail::decide(op.conn, before.id, step, None, op.now)?;
        }
        let ending: String = account.iban.chars().rev().take(4).collect();
        let detail = BankDetail {
            id: BankDetailId(op.id()),
            organisation,
            holder: request.holder.trim().to_owned(),
            iban_ending: account.iban.chars().take(2).chain(ending.chars().rev()).collect(),
            state: proposed,
            proposed_at: op.now,
            proposed_by: caller.user,
            decided_at: None,
            decided_by: None,
        };
        let bytes = serde_json::to_vec(&account)?;
        let sealed = seal_for(op, detail.id.0, &bytes)?;
        store::bank_detail::insert(op.conn, &detail, sealed)?;
        view(op, caller, &detail)
    })
}

fn checked(request: &NewBankDetail) -> Result<Account, Refused> {
    let mut check = Check::default();
    check.text(&request.holder, bank::LONGEST_NAME, "/holder");
    if !request.holder.trim().is_empty() {
        let fits = bank::letters(&request.holder).chars().count() <= bank::LONGEST_NAME;
        let detail = "Écrit avec les lettres que les banques acceptent (« œ » devient « oe »), ce nom \
            dépasse 70 signes : abrégez-le comme sur le relevé d'identité bancaire.";
        check.that(fits, "/holder", "out_of_range", detail);
        let detail = "Ce nom n'a aucune lettre qu'une banque accepte : recopiez-le du relevé \
            d'identité bancaire.";
        check.that(bank::holder(&request.holder).is_some(), "/holder", "unwritable", detail);
    }
    let iban = bank::iban(&request.iban);
    let detail = "Cet IBAN n'est pas valable : recopiez-le du relevé d'identité bancaire.";
    check.that(iban.is_some(), "/iban", "invalid_iban", detail);
    let bic = bank::bic(&request.bic);
    let detail = "Ce BIC n'est pas valable : 8 ou 11 signes, par exemple AGRIFRPP.";
    check.that(bic.is_some(), "/bic", "invalid_bic", detail);
    check.done()?;
    Ok(Account { iban: iban.unwrap_or_default(), bic: bic.unwrap_or_default() })
}

/// An organisation the caller may give bank details for: the operator any, a manager her own.
fn of_caller(op: &mut Op<'_>, caller: &Caller, organisation: OrganisationId) -> Outcome<()> {
    let own = caller.organisation == organisation;
    if !(own || caller.role == Role::Operator) {
        return Err(Refused::not_found().into());
    }
    store::organisation::by_id(op.conn, organisation)?.ok_or_else(Refused::not_found)?;
    Ok(())
}

/// Seals bytes for the thing of that id, under the current key.
pub(super) fn seal_for(op: &Op<'_>, about: Uuid, bytes: &[u8]) -> Outcome<Sealed> {
    let missing = || Error::failure("no seal key");
    let (key_number, key) = op.services.keys.current_seal_key().ok_or_else(missing)?;
    let random = op.services.random.as_ref();
    let bytes = seal::seal(key, about.as_bytes(), bytes, random).map_err(Error::failure)?;
    Ok(Sealed { bytes, key_number })
}

/// Opens what was sealed for the thing of that id.
pub(super) fn open_of(op: &Op<'_>, about: Uuid, sealed: &Sealed) -> Outcome<Vec<u8>> {
    let key = op.services.keys.seal_key(sealed.key_number)?;
    seal::open(key, about.as_bytes(), &sealed.bytes).map_err(Error::failure)
}

/// The account behind bank details, opened.
pub(super) fn account(op: &mut Op<'_>, detail: &BankDetail) -> Outcome<BankAccount> {
    let sealed = store::bank_detail::sealed(op.conn, detail.id)?;
    let account: Account = serde_json::from_slice(&open_of(op, detail.id.0, &sealed)?)?;
    Ok(BankAccount { holder: detail.holder.clone(), iban: account.iban, bic: account.bic })
}

/// What somebody says to proposed details.
#[derive(Clone, Copy, Debug)]
pub struct Decision {
    /// Whose they are.
    pub organisation: OrganisationId,
    /// The details.
    pub detail: BankDetailId,
    /// Whether they are confirmed; refused otherwise.
    pub confirm: bool,
}

/// Confirms or refuses proposed details, by another person than the one who proposed them.
///
/// # Errors
/// `not_found`, `already_decided`, `second_person_needed`.
pub fn decide(
    services: &Services,
    caller: &Caller,
    decision: Decision,
    key: Option<&Key>,
) -> Outcome<Once<BankDetailView>> {
    let Decision { organisation, detail: id, confirm } = decision;
    once(services, key, |op| {
        let detail = store::bank_detail::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
        if detail.organisation != organisation {
            return Err(Refused::not_found().into());
        }
        detail.may_be_decided_by(caller.user)?;
        let confirmed = BankDetailState::Confirmed;
        if confirm && let Some(old) = store::bank_detail::only(op.conn, organisation, confirmed)? {
            let step = (confirmed, BankDetailState::Ended);
            store::bank_detail::decide(op.conn, old.id, step, None, op.now)?;
        }
        let to = if confirm { confirmed } else { BankDetailState::Refused };
        let step = (BankDetailState::Proposed, to);
        if !store::bank_detail::decide(op.conn, id, step, Some(caller.user), op.now)? {
            return Err(BankDetailRefusal::AlreadyDecided.into());
        }
        let decided = store::bank_detail::by_id(op.conn, id)?.ok_or_else(Refused::not_found)?;
        view(op, caller, &decided)
    })
}

/// The bank details of an organisation with their history, the latest first.
///
/// # Errors
/// `not_found` for another's organisation.
pub fn of_organisation(
    services: &Services,
    caller: &Caller,
    organisation: OrganisationId,
) -> Outcome<Vec<BankDetailView>> {
    services.read(|op| {
        of_caller(op, caller, organisation)?;
        let found = store::bank_detail::of_organisation(op.conn, organisation)?;
        found.iter().map(|detail| view(op, caller, detail)).collect()
    })
}

/// Everything that waits for a second person.
///
/// # Errors
/// A failure of the database.
pub fn waiting(services: &Services, caller: &Caller) -> Outcome<Vec<BankDetailView>> {
    services.read(|op| {
        let found = store::bank_detail::in_state(op.conn, BankDetailState::Proposed)?;
        found.iter().map(|detail| view(op, caller, detail)).collect()
    })
}

/// Why an approved statement is not paid yet; none when nothing holds it up.
///
/// # Errors
/// A failure of the database.
pub fn holds_up(services: &Services, statement: &StatementView) -> Outcome<Option<LeftOut>> {
    if statement.state != StatementState::Approved.as_str() {
        return Ok(None);
    }
    let organisation = OrganisationId(statement.organisation_id);
    services.read(|op| missing(op, organisation))
}

/// What keeps an organisation from being paid.
pub(super) fn missing(op: &mut Op<'_>, organisation: OrganisationId) -> Outcome<Option<LeftOut>> {
    if store::organisation::named(op.conn, organisation)?.frozen {
        return Ok(Some(LeftOut::Frozen));
    }
    let mut known = |state| store::bank_detail::only(op.conn, organisation, state);
    if let Some(detail) = known(BankDetailState::Confirmed)? {
        let writable = bank::holder(&detail.holder).is_some();
        return Ok((!writable).then_some(LeftOut::HolderUnwritable));
    }
    let proposed = known(BankDetailState::Proposed)?.is_some();
    Ok(Some(if proposed { LeftOut::NotConfirmed } else { LeftOut::NoBankDetails }))
}

fn view(op: &mut Op<'_>, caller: &Caller, detail: &BankDetail) -> Outcome<BankDetailView> {
    let mut name = |user| -> Outcome<String> { Ok(store::user::named(op.conn, user)?.name) };
    let proposed_by = name(detail.proposed_by)?;
    let decided_by = detail.decided_by.map(&mut name).transpose()?;
    let operator = caller.role == Role::Operator;
    Ok(BankDetailView {
        id: detail.id.0,
        organisation_id: detail.organisation.0,
        organisation_name: organisation_name(op, detail.organisation)?,
        holder: detail.holder.clone(),
        iban: detail.masked(),
        state: detail.state.as_str().to_owned(),
        proposed_at: detail.proposed_at.to_string(),
        proposed_by,
        decided_at: detail.decided_at.map(|at| at.to_string()),
        decided_by,
        may_decide: operator && detail.may_be_decided_by(caller.user).is_ok(),
    })
}
