//! The command line: translates, never decides.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the answer of a command goes to the terminal"
)]

pub mod arguments;
pub mod clock;
pub mod demo;
pub mod doctor;
pub mod generate;
pub mod import;
mod import_arguments;
pub mod keys;
pub mod ledger;
mod log;
pub mod money_arguments;
pub mod month;
pub mod moving;
pub mod open_data;
pub mod payment;
mod private_file;
mod progress;
pub mod report;
pub mod serve;
pub mod stock;
pub mod stock_arguments;
pub mod user;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use self::arguments::{
    Arguments, ClockCommand, Command, KeysCommand, LedgerCommand, OpenDataCommand, PaymentCommand,
    StockCommand, UserCommand,
};
use crate::app::settings::Given;
use crate::app::{App, Settings, SettingsError, StartError};
use crate::domain::refusal::Refused;
use crate::services::{Error, audit_desk};

/// Why a command did not do its work; each has its exit code.
#[derive(Debug)]
pub enum Stop {
    /// A rule says no: 1.
    Refused(Box<Refused>),
    /// It was found that not all is well; the command has said what: 1.
    Found,
    /// The command or the settings are wrong: 2.
    Usage(String),
    /// Something unexpected: 3.
    Failure(String),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused { refused, .. } => Self::Refused(refused),
            Error::Failure(failure) => Self::Failure(failure.for_the_log()),
        }
    }
}

impl From<SettingsError> for Stop {
    fn from(error: SettingsError) -> Self {
        Self::Usage(error.to_string())
    }
}

impl From<StartError> for Stop {
    fn from(error: StartError) -> Self {
        Self::Failure(error.to_string())
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Failure(error.to_string())
    }
}

/// Reads the command line and does what it says.
#[must_use]
pub fn run() -> ExitCode {
    // What this process writes is for whoever runs it: the database, codes, account numbers.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let printed = error.print();
            return match (error.use_stderr(), printed) {
                (false, Ok(())) => ExitCode::SUCCESS,
                _ => ExitCode::from(2),
            };
        }
    };
    match dispatch(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => exit_code(stop),
    }
}

/// The one place that says which exit code a stop has.
fn exit_code(stop: Stop) -> ExitCode {
    match stop {
        Stop::Found => ExitCode::from(1),
        Stop::Refused(refused) => {
            complain(&format!("{} ({})", refused.sentence, refused.code.as_str()));
            for field in &refused.fields {
                complain(&format!("  {}: {}", field.pointer, field.detail));
            }
            ExitCode::from(1)
        }
        Stop::Usage(reason) => {
            complain(&format!("pass-numerique: {reason}"));
            ExitCode::from(2)
        }
        Stop::Failure(reason) => {
            complain(&format!("pass-numerique: {reason}"));
            ExitCode::from(3)
        }
    }
}

/// Writes a line to standard error; when nobody can read it, the exit code says enough.
fn complain(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}

fn dispatch(arguments: Arguments) -> Result<(), Stop> {
    let given = arguments.given();
    if let Command::Openapi = arguments.command {
        let text = crate::http::openapi::document_text().map_err(Error::from)?;
        println!("{text}");
        return Ok(());
    }
    let settings = Settings::from_given(&given)?;
    let noted = audited(&arguments.command);
    let done = run_command(arguments.command, settings.clone(), &given);
    if let (Some(words), Ok(()) | Err(Stop::Found)) = (noted, &done) {
        let app = App::build(&settings)?;
        audit_desk::note_command(&app.services, words)?;
    }
    done
}

/// The words of a command that leaves an entry in the audit journal: those that change something
/// or give something away.
fn audited(command: &Command) -> Option<&'static str> {
    Some(match command {
        Command::User { .. } => "user add",
        Command::Import { .. } => "import venues",
        Command::Stock { command: StockCommand::Print(_) } => "stock print",
        Command::Stock { command: StockCommand::Codes(_) } => "stock codes",
        Command::Month { .. } => "month close",
        Command::Payment { command: PaymentCommand::Run { .. } } => "payment run",
        Command::Payment { command: PaymentCommand::Repaid { .. } } => "payment repaid",
        Command::Payment { command: PaymentCommand::File { .. } } => "payment file",
        Command::OpenData { command: OpenDataCommand::Publish { dry_run: false, .. } } => {
            "open-data publish"
        }
        Command::Keys { command: KeysCommand::Rotate } => "keys rotate",
        Command::Keys { command: KeysCommand::Forget { .. } } => "keys forget",
        Command::Clock { .. } => "clock confirm",
        Command::Ledger { command: LedgerCommand::Revive { dry_run: false } } => "ledger revive",
        Command::Backup { .. } => "backup",
        Command::Restore { .. } => "restore",
        Command::Ledger { command: LedgerCommand::Export { .. } } => "ledger export",
        Command::Ledger { command: LedgerCommand::Import { .. } } => "ledger import",
        _ => return None,
    })
}

fn run_command(command: Command, settings: Settings, given: &Given) -> Result<(), Stop> {
    match command {
        Command::Serve => serve::serve(&settings),
        Command::Demo { fresh } => demo::demo(settings, given, fresh),
        Command::Migrate => serve::migrate(&settings),
        Command::Doctor => doctor::doctor(&settings),
        Command::User { command: UserCommand::Add(add) } => user::add(&settings, &add),
        Command::Report { command } => report::report(&settings, &command),
        Command::Import { command } => import::import(&settings, &command),
        Command::Stock { command } => stock::stock(&settings, &command),
        Command::Month { command } => month::month(&settings, &command),
        Command::Payment { command } => payment::payment(&settings, &command),
        Command::OpenData { command } => open_data::open_data(&settings, &command),
        Command::Keys { command } => keys::keys(&settings, &command),
        Command::Ledger { command: LedgerCommand::Verify } => ledger::verify(&settings),
        Command::Ledger { command: LedgerCommand::Fold } => ledger::fold(&settings),
        Command::Ledger { command: LedgerCommand::Revive { dry_run } } => {
            ledger::revive(&settings, dry_run)
        }
        Command::Clock { command: ClockCommand::Confirm } => clock::confirm(&settings),
        Command::Ledger { command: LedgerCommand::Export { dir, with_keys } } => {
            moving::export(&settings, &dir, with_keys)
        }
        Command::Ledger { command: LedgerCommand::Import { dir: from } }
        | Command::Restore { file: from } => moving::bring_in(&settings, &from),
        Command::Backup { file, without_keys } => moving::back_up(&settings, &file, !without_keys),
        Command::Generate(asked) => generate::generate(&settings, &asked),
        Command::Openapi => Ok(()),
    }
}
