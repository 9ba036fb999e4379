//! The clock, held against what is known of the time: a machine that is years ahead would expire
//! every pass and destroy every fingerprint at once.

use super::{Error, Op, Outcome, Services};
use crate::domain::clock_mark::{self, ClockFault, Witnesses};
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
