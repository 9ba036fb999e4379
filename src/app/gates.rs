//! How much of what is dear is under way at once: who comes when all places are taken waits for a
//! moment, and is told that the service is busy after that.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::services::{Error, Outcome};

/// How long somebody waits for a place.
const PATIENCE: Duration = Duration::from_secs(5);

/// Public pages use half of the connections that an installation has by itself.
const PUBLIC: usize = 4;

/// A phone that sends what it scanned holds a thread until its batch was decided.
const SYNCS: usize = 16;

/// The gates of one process.
#[derive(Debug)]
pub struct Gates {
    /// Passwords: 19 MiB and some tens of milliseconds of a processor each.
    pub passwords: Gate,
    /// Photos to find a code in.
    pub photos: Gate,
    /// What anybody may ask without an account.
    pub public: Gate,
    /// Scans that were made without a network.
    pub syncs: Gate,
}

impl Default for Gates {
    /// At most half of the processors compute passwords, and as many look at photos.
    fn default() -> Self {
        let half = std::thread::available_parallelism().map_or(1, |all| all.get().div_ceil(2));
        Self {
            passwords: Gate::new("passwords", half),
            photos: Gate::new("photos", half),
            public: Gate::new("public", PUBLIC),
            syncs: Gate::new("syncs", SYNCS),
        }
    }
}

/// A number of places.
#[derive(Debug)]
pub struct Gate {
    name: &'static str,
    places: Arc<Semaphore>,
}

/// A place that was taken, until this is dropped.
#[derive(Debug)]
pub struct Place {
    _permit: OwnedSemaphorePermit,
}

impl Gate {
    fn new(name: &'static str, places: usize) -> Self {
        Self { name, places: Arc::new(Semaphore::new(places)) }
    }

    /// Waits for a place, in the order of arrival.
    ///
    /// # Errors
    /// `busy` when none became free in time.
    pub async fn enter(&self) -> Outcome<Place> {
        let entered = timeout(PATIENCE, Arc::clone(&self.places).acquire_owned()).await;
        if let Ok(Ok(permit)) = entered {
            return Ok(Place { _permit: permit });
        }
        metrics::counter!("gate_refusals_total", "gate" => self.name).increment(1);
        Err(Error::busy())
    }
}
