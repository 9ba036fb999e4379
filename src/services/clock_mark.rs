//! The clock, held against what is known of the time: a machine that is years ahead would expire
//! every pass and destroy every fingerprint at once.

use super::{Error, Op, Outcome, Services};
use crate::domain::clock_mark::{self, ClockFault, Witnesses};
use crate::domain::refusal::{Code, Refused};
use crate::store;
use crate::store::dialect;

/// Whether the clock can be believed now. The mark moves with a clock that is: called by the jobs.
///
/// # Errors
/// A failure of the database.
pub fn advance(services: &Services) -> Outcome<Option<ClockFault>> {
    services.write(|op| {
        let witnesses = witnesses(op)?;
        let fault = clock_mark::believe(op.now, witnesses).err();
        if fault.is_none() && witnesses.mark.is_none_or(|mark| mark < op.now) {
            store::clock_mark::set(op.conn, op.now)?;
        }
        Ok(fault)
    })
}

/// Whether the clock can be believed.
///
/// # Errors
/// [`ClockFault`] as a failure, when it is more than a day ahead; a failure of the database.
pub fn is_believed(services: &Services) -> Outcome<()> {
    services.read(|op| {
        let witnesses = witnesses(op)?;
        clock_mark::believe(op.now, witnesses).map_err(Error::failure)
    })
}

/// Before what nobody can take back.
///
/// # Errors
/// `clock_not_believed`.
pub(super) fn must_be_believed(op: &mut Op<'_>) -> Outcome<()> {
    // The jobs move the mark with a clock that the database's does not contradict.
    let witnesses = Witnesses { mark: store::clock_mark::read(op.conn)?, database: None };
    clock_mark::believe(op.now, witnesses).map_err(|fault| {
        tracing::error!(%fault, "refused");
        let sentence = "L'horloge du serveur avance de plus d'un jour : rien d'irréversible ne se \
            fait avant que l'exploitant l'ait vérifiée.";
        Refused::new(Code::ClockNotBelieved, sentence).into()
    })
}

/// Somebody looked at the clock and says that it is right: the service had been stopped for days.
///
/// # Errors
/// [`ClockFault`] as a failure, when the clock of the database says otherwise.
pub fn confirm(services: &Services) -> Outcome<()> {
    services.write(|op| {
        let others = Witnesses { mark: None, ..witnesses(op)? };
        clock_mark::believe(op.now, others).map_err(Error::failure)?;
        Ok(store::clock_mark::set(op.conn, op.now)?)
    })
}

fn witnesses(op: &mut Op<'_>) -> Outcome<Witnesses> {
    Ok(Witnesses {
        mark: store::clock_mark::read(op.conn)?,
        database: dialect::clock_of_server(op.conn)?,
    })
}
