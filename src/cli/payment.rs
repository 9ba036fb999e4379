//! `payment run` and `payment file`.

use std::io::Write;

use super::arguments::PaymentCommand;
use super::{Stop, private_file};
use crate::app::{App, Settings};
use crate::domain::ids::{PaymentRunId, StatementId};
use crate::domain::money::Cents;
use crate::domain::payment_run::PainVersion;
use crate::services::pay_statements::{self, NewPaymentRun};
use crate::services::repay_statement::{Repayment, repay_statement};
use crate::services::{payment_runs, terminal};

/// Pays, or writes a bank file.
///
/// # Errors
/// A refusal, or a file that cannot be written.
pub fn payment(settings: &Settings, command: &PaymentCommand) -> Result<(), Stop> {
    let app = App::build(settings)?;
    app.prepare()?;
    match command {
        PaymentCommand::Run { day, by } => {
            let caller = terminal::operator(&app.services, by.as_deref())?;
            let request = NewPaymentRun { execution_day: *day, statements: None };
            let made =
                pay_statements::pay_statements(&app.services, &caller, &request, None)?.value;
            println!(
                "{} {}: {} transfers, {}",
                made.reference,
                made.id,
                made.transfers,
                Cents(made.control_sum_cents)
            );
            for left in made.left_out.unwrap_or_default() {
                println!(
                    "left out: {} of {}, {}: {}",
                    left.statement,
                    left.organisation_name,
                    Cents(left.amount_cents),
                    left.reason
                );
            }
        }
        PaymentCommand::Repaid { statement, day, reference, by } => {
            let caller = terminal::operator(&app.services, by.as_deref())?;
            let request = Repayment { received_on: *day, reference: reference.clone() };
            let id = StatementId(*statement);
            let settled = repay_statement(&app.services, &caller, id, &request, None)?.value;
            println!("{}: {} came back", settled.reference, Cents(-settled.due_cents));
        }
        PaymentCommand::File { run, version, out } => {
            let version = PainVersion::from_name(version)
                .ok_or_else(|| Stop::Usage("the version is 09 or 03".to_owned()))?;
            let (_, xml) = payment_runs::file(&app.services, PaymentRunId(*run), version)?;
            match out {
                Some(path) => private_file::write(path, &xml)?,
                None => std::io::stdout().write_all(&xml)?,
            }
        }
    }
    Ok(())
}
