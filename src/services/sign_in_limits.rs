//! What stops the guessing of passwords: an attempt is counted before it is tried, for e-mails that
//! have an account and for those that have none.

use subtle::ConstantTimeEq;

use super::{Op, Outcome, Services};
use crate::domain::ids::UserId;
use crate::domain::refusal::{Code, Fact, Refused};
use crate::store;

/// In so many seconds …
const SECONDS: i64 = 10 * 60;
/// … so many wrong passwords for one e-mail from one place, and that place waits …
const FROM_ONE_PLACE: i32 = 10;
/// … so many for one e-mail from all devices that are new to its owner, and new devices wait …
const FROM_NEW_DEVICES: i32 = 50;
/// … so many from one address for any e-mails, and that address waits.
const FROM_ONE_ADDRESS: i32 = 100;

/// Where somebody signs in.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The network the request came from.
    pub address: String,
    /// The wider network, as the audit journal has it.
    pub network: Option<String>,
    /// What the device brought along from an earlier sign-in: its name and the mark of its owner.
    pub device: Option<Device>,
}

/// A device as its cookie describes it.
#[derive(Clone, Debug)]
pub struct Device {
    /// A random name.
    pub name: String,
    /// What shows whose it is.
    pub mark: String,
}

impl Device {
    /// The device as the cookie holds it.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (name, mark) = text.split_once('.')?;
        Some(Self { name: name.to_owned(), mark: mark.to_owned() })
    }

    /// A device that its owner has just signed in on.
    #[must_use]
    pub fn of(services: &Services, user: UserId) -> Self {
        let name = services.secret();
        let mark = services.keys.known_device_mark(user, &name);
        Self { name, mark }
    }

    /// What the cookie holds.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}.{}", self.name, self.mark)
    }

    fn is_of(&self, services: &Services, user: UserId) -> bool {
        let made = services.keys.known_device_mark(user, &self.name);
        bool::from(made.as_bytes().ct_eq(self.mark.as_bytes()))
    }
}

/// How many may fail under one key.
struct Limit {
    key: Vec<u8>,
    most: i32,
}

/// An attempt that was counted.
pub(super) struct Attempt {
    limits: Vec<Limit>,
}

impl Attempt {
    /// Counts an attempt before it is tried. A device on which the owner signed in before is counted
    /// apart: strangers cannot lock it out.
    pub(super) fn count(
        services: &Services,
        email: &str,
        owner: Option<UserId>,
        origin: &Origin,
    ) -> Outcome<Self> {
        let known = origin
            .device
            .as_ref()
            .filter(|device| owner.is_some_and(|owner| device.is_of(services, owner)));
        let limit = |place: &str, email: &str, most| Limit {
            key: services.keys.attempts_key(email, place),
            most,
        };
        let mut limits = match known {
            Some(device) => vec![limit(&device.name, email, FROM_ONE_PLACE)],
            None => vec![
                limit(&origin.address, email, FROM_ONE_PLACE),
                limit("", email, FROM_NEW_DEVICES),
                limit(&origin.address, "", FROM_ONE_ADDRESS),
            ],
        };
        // Two that count at once take the rows in one order.
        limits.sort_by(|one, other| one.key.cmp(&other.key));
        let forgotten = -SECONDS;
        let wait = services.write(|op| {
            let mut wait = None;
            for Limit { key, most } in &limits {
                let since = op.now.plus_seconds(forgotten);
                let count = store::sign_in_attempt::count(op.conn, key, op.now, since)?;
                if count.failures > *most {
                    let ends = count.since.plus_seconds(SECONDS);
                    let left = (ends.micros() - op.now.micros()).div_euclid(1_000_000).max(1);
                    wait = wait.max(Some(left));
                }
            }
            Ok(wait)
        })?;
        match wait {
            None => Ok(Self { limits }),
            Some(seconds) => Err(too_many(seconds).into()),
        }
    }

    /// The password was right: nothing is held against the person, and the attempt was none.
    pub(super) fn succeeded(&self, op: &mut Op<'_>) -> Outcome<()> {
        for Limit { key, most } in &self.limits {
            if *most == FROM_ONE_PLACE {
                store::sign_in_attempt::delete(op.conn, key)?;
            } else {
                store::sign_in_attempt::take_back(op.conn, key)?;
            }
        }
        Ok(())
    }
}

/// The account has a new password: what failed for its e-mail from new devices was the old one.
pub(super) fn forget(op: &mut Op<'_>, email: &str) -> Outcome<()> {
    let key = op.services.keys.attempts_key(email, "");
    Ok(store::sign_in_attempt::delete(op.conn, &key)?)
}

fn too_many(seconds: i64) -> Refused {
    let sentence = "Trop de mots de passe incorrects : attendez dix minutes avant de réessayer.";
    let mut refused = Refused::new(Code::TooManySignIns, sentence);
    refused.facts.push(("retry_after".to_owned(), Fact::Number(seconds)));
    refused
}
