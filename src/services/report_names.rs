//! The names that people read in a report, instead of ids and codes.

use std::collections::HashMap;

use uuid::Uuid;

use super::{Op, Outcome};
use crate::adapters::geography;
use crate::domain::ids::{AgreementId, OrganisationId, ProgrammeId, VenueId};
use crate::domain::report::{Group, Key};
use crate::domain::territory::{self, AGE_BANDS, PUBLICS};
use crate::domain::theme;
use crate::domain::time::{Month, month_in_letters};
use crate::store;

/// Names looked up once a report.
pub(super) struct Names(HashMap<Uuid, String>);

impl Names {
    /// The names a report has a row each for are read at once; others when they are met.
    pub(super) fn of(op: &mut Op<'_>, groups: &[Group]) -> Outcome<Self> {
        let mut names = HashMap::new();
        if groups.contains(&Group::Venue) {
            let venues = store::venue::names(op.conn)?;
            names.extend(venues.into_iter().map(|venue| (venue.id.0, venue.name)));
        }
        if groups.contains(&Group::Prescriber) {
            let organisations = store::organisation::all(op.conn)?;
            names.extend(organisations.into_iter().map(|one| (one.id.0, one.name)));
        }
        Ok(Self(names))
    }

    /// What people read of a key, and what machines do.
    pub(super) fn key(&mut self, op: &mut Op<'_>, group: Group, key: Option<&str>) -> Outcome<Key> {
        let text = |label: &dyn Fn(&str) -> String| Key {
            label: key.map_or_else(|| NOT_SAID.to_owned(), label),
            value: key.map(str::to_owned),
        };
        let id = || key.and_then(|key| key.parse().ok());
        Ok(match group {
            Group::Month => {
                let month = key.and_then(|key| key.parse().ok()).and_then(Month::from_number);
                Key {
                    label: month.map_or_else(|| NOT_SAID.to_owned(), month_in_letters),
                    value: month.map(|month| month.to_string()),
                }
            }
            Group::Programme => self.named(id(), |id| {
                let found = store::programme::by_id(op.conn, ProgrammeId(id))?;
                Ok(found.map(|programme| programme.name))
            })?,
            Group::Agreement => self
                .named(id(), |id| Ok(store::figures::agreement_label(op.conn, AgreementId(id))?))?,
            Group::Venue => self.named(id(), |id| {
                let found = store::venue::by_id(op.conn, VenueId(id))?;
                Ok(found.map(|venue| venue.name))
            })?,
            Group::Prescriber => self.named(id(), |id| {
                let found = store::organisation::by_id(op.conn, OrganisationId(id))?;
                Ok(found.map(|organisation| organisation.name))
            })?,
            Group::Theme => text(&|code| {
                theme::theme(code).map_or_else(|| code.to_owned(), |theme| theme.label.to_owned())
            }),
            Group::VenueCommune | Group::HomeCommune => text(&commune),
            Group::VenueDepartement | Group::Departement => text(&departement),
            Group::AgeBand => text(&|code| territory::label(AGE_BANDS, code).to_owned()),
            Group::Public => text(&|codes| {
                let labels = codes.split('+').map(|code| territory::label(PUBLICS, code));
                labels.collect::<Vec<_>>().join(" + ")
            }),
        })
    }

    fn named(
        &mut self,
        id: Option<Uuid>,
        look_up: impl FnOnce(Uuid) -> Outcome<Option<String>>,
    ) -> Outcome<Key> {
        let Some(id) = id else {
            return Ok(Key { label: NOT_SAID.to_owned(), value: None });
        };
        let label = if let Some(label) = self.0.get(&id) {
            label.clone()
        } else {
            let label = look_up(id)?.unwrap_or_else(|| id.to_string());
            self.0.insert(id, label.clone());
            label
        };
        Ok(Key { label, value: Some(id.to_string()) })
    }
}

const NOT_SAID: &str = "Non renseigné";

fn commune(code: &str) -> String {
    geography::commune(code)
        .map_or_else(|| code.to_owned(), |commune| format!("{} ({code})", commune.name))
}

fn departement(code: &str) -> String {
    geography::departement_name(code)
        .map_or_else(|| code.to_owned(), |name| format!("{name} ({code})"))
}
