//! The demo's payments: who is paid where, and a run each month, with one transfer that came back.

use chrono::{Days, NaiveDate};

use super::super::Stop;
use super::cast::{Cast, SECOND_OPERATOR, at};
use crate::adapters::clock::MovedClock;
use crate::domain::caller::Caller;
use crate::domain::ids::{BankDetailId, OrganisationId, PaymentRunId};
use crate::services::bank_details::{self, Decision, NewBankDetail};
use crate::services::pay_statements::{NewPaymentRun, pay_statements};
use crate::services::payment_runs::{Execution, PaymentRunView, note_execution};
use crate::services::reject_payment::{Rejection, reject_payment};
use crate::services::{Services, organisations, terminal};

/// Every organisation gives its account but the last, which forgot; the one before waits for a
/// second person.
///
/// # Errors
/// A refusal of the scheme, which would be a fault of the demo.
pub fn open_accounts(services: &Services, cast: &Cast) -> Result<Caller, Stop> {
    let operator = terminal::operator(services, None)?;
    let second = terminal::operator(services, Some(SECOND_OPERATOR))?;
    give(services, &second, operator.organisation, 0, Some(&operator))?;
    let mut payees: Vec<Caller> = Vec::new();
    for stage in &cast.stages {
        let known = payees.iter().any(|payee| payee.organisation == stage.staff.organisation);
        if !known {
            payees.push(stage.staff);
        }
    }
    payees.pop();
    let waits = payees.len().saturating_sub(1);
    for ((place, payee), number) in payees.iter().enumerate().zip(1..) {
        let second = (place < waits).then_some(&operator);
        give(services, payee, payee.organisation, number, second)?;
    }
    Ok(operator)
}

fn give(
    services: &Services,
    by: &Caller,
    organisation: OrganisationId,
    number: u64,
    second: Option<&Caller>,
) -> Result<(), Stop> {
    let holder = organisations::by_id(services, by, organisation)?.name;
    let iban = sepa::Iban::from_bban("FR", &rib(number))
        .map_err(|error| Stop::Failure(error.to_string()))?;
    let request = NewBankDetail {
        holder: holder.chars().take(70).collect(),
        iban: iban.as_str().to_owned(),
        bic: "AGRIFRPP".to_owned(),
    };
    let given = bank_details::propose(services, by, organisation, &request, None)?.value;
    if let Some(second) = second {
        let id = BankDetailId(given.id);
        let decision = Decision { organisation, detail: id, confirm: true };
        bank_details::decide(services, second, decision, None)?;
    }
    Ok(())
}

/// A French account number of an invented account, its key with it.
fn rib(number: u64) -> String {
    const BANK_AND_COUNTER: u128 = 3_000_600_001;
    let account = BANK_AND_COUNTER * 10_u128.pow(11) + u128::from(number);
    let key = 97 - account * 100 % 97;
    format!("{account:021}{key:02}")
}

/// Pays what is approved, on the tenth, and notes the execution two days later. In the third
/// month a transfer comes back.
///
/// # Errors
/// A refusal of the scheme, which would be a fault of the demo.
pub fn pay(
    services: &Services,
    clock: &MovedClock,
    operator: &Caller,
    tenth: NaiveDate,
    comes_back: bool,
) -> Result<(), Stop> {
    clock.move_to(at(tenth, 9 * 60));
    let run = pay_statements(services, operator, &NewPaymentRun::default(), None)?.value;
    let id = PaymentRunId(run.id);
    if comes_back {
        send_back(services, operator, &run)?;
    }
    let paid = tenth + Days::new(2);
    clock.move_to(at(paid, 9 * 60));
    note_execution(services, operator, id, &Execution { executed_on: paid }, None)?;
    Ok(())
}

fn send_back(services: &Services, operator: &Caller, run: &PaymentRunView) -> Result<(), Stop> {
    let Some(payment) = run.payments.first() else { return Ok(()) };
    let rejection = Rejection {
        statement_id: payment.statement_id,
        reason: "Compte clos depuis le mois dernier".to_owned(),
        code: Some("AC04".to_owned()),
    };
    reject_payment(services, operator, PaymentRunId(run.id), &rejection, None)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::rib;

    #[test]
    fn the_key_of_an_invented_account_fits() {
        for number in [0, 1, 42, 99_999_999_999] {
            let whole = rib(number);
            assert_eq!((whole.len(), whole.parse::<u128>().unwrap() % 97), (23, 0), "{whole}");
        }
    }
}
