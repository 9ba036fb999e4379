//! The list of scans that a phone kept without a network.

use diesel::RunQueryDsl;
use pass_numerique::app::App;
use pass_numerique::domain::caller::{Caller, Role};
use pass_numerique::domain::ids::{EntryId, OrganisationId, UserId};
use pass_numerique::domain::theme::theme;
use pass_numerique::http::input;
use pass_numerique::services::organisations::{self, NewOrganisation};
use pass_numerique::services::redeem_pass::redeem;
use pass_numerique::services::redeem_request::Request;
use pass_numerique::services::sync_redemptions::{ScanResult, Sent, Sync, sync_redemptions};
use pass_numerique::services::users::{self, NewUser};
use pass_numerique::services::venues::{self, NewVenue};
use pass_numerique::services::{Error, Services};
use pass_numerique::store::offline_scan::{self, RefusedFilter};
use uuid::Uuid;

/// The phone of somebody who works at a venue, and the service it sends to.
pub struct Phone {
    app: App,
    caller: Caller,
    venue: Uuid,
}

impl Phone {
    pub fn of(app: App) -> Self {
        let organisation = organisation(&app.services);
        let (user, role) = (user(&app.services, organisation), Role::VenueStaff);
        let venue = venue(&app.services, organisation);
        let organisation = OrganisationId(organisation);
        Self { app, caller: Caller { user, organisation, role, manager: false }, venue }
    }

    /// Each scan of a list gets its answer, in the order they came; the nil venue means ours.
    pub fn sends(&self, bytes: &[u8]) {
        let Ok((mut list, _)) = input::json_of_any_text::<Sync>(bytes) else { return };
        for sent in &mut list.items {
            if let Sent::Scan(scan) = sent
                && scan.venue_id.is_nil()
            {
                scan.venue_id = self.venue;
            }
        }
        self.forgets();
        let door = |requests: Vec<Request>| redeem(&self.app.services, &requests);
        match sync_redemptions(&self.app.services, &self.caller, &list, &door) {
            Ok(synced) => {
                assert_eq!(synced.results.len(), list.items.len());
                for (result, sent) in synced.results.iter().zip(&list.items) {
                    answers(result, sent);
                }
                self.keeps_little();
            }
            Err(Error::Refused { refused, .. }) => assert!(!refused.fields.is_empty()),
            Err(Error::Failure(failure)) => panic!("{}", failure.for_the_log()),
        }
    }

    /// What is kept of a scan is short, whatever was sent.
    fn keeps_little(&self) {
        let mut conn = self.app.services.store.connect().unwrap();
        let all = EntryId(Uuid::nil());
        let open = RefusedFilter { unresolved: true, ..RefusedFilter::default() };
        for scan in offline_scan::refused(&mut conn, open, all, 1_000).unwrap() {
            assert!(scan.theme.is_empty() || theme(&scan.theme).is_some(), "{scan:?}");
            assert!(scan.device.chars().count() <= 100 && scan.code_ending.len() <= 4, "{scan:?}");
        }
    }

    fn forgets(&self) {
        let mut conn = self.app.services.store.connect().unwrap();
        for table in ["offline_scans", "idempotency_keys", "wrong_codes"] {
            diesel::sql_query(format!("DELETE FROM {table}")).execute(&mut conn).unwrap();
        }
    }
}

/// No pass exists, so every scan is refused; only who guesses must wait.
fn answers(result: &ScanResult, sent: &Sent) {
    if let Sent::Scan(scan) = sent {
        assert_eq!(result.idempotency_key, scan.idempotency_key);
    }
    assert!(result.redemption.is_none(), "{result:?}");
    let waits = result.code == Some("too_many_wrong_codes");
    assert_eq!(result.outcome, if waits { "retry" } else { "refused" }, "{result:?}");
    assert!(result.detail.as_ref().is_some_and(|detail| detail.ends_with('.')), "{result:?}");
}

fn organisation(services: &Services) -> Uuid {
    let request = NewOrganisation {
        name: "Médiathèque".to_owned(),
        siret: None,
        rna: None,
        funder: false,
        prescriber: false,
        venue_operator: true,
    };
    organisations::create(services, &request, None).unwrap().value.id
}

fn user(services: &Services, organisation_id: Uuid) -> UserId {
    let request = NewUser {
        email: "lieu@exemple.fr".to_owned(),
        name: "Camille".to_owned(),
        organisation_id,
        role: Role::VenueStaff.as_str().to_owned(),
        manager: false,
    };
    UserId(users::add(services, &request, None).unwrap().id)
}

fn venue(services: &Services, organisation_id: Uuid) -> Uuid {
    let request = NewVenue {
        organisation_id,
        name: "Médiathèque".to_owned(),
        address: "1 place de la Mairie".to_owned(),
        address_complement: None,
        postal_code: "16000".to_owned(),
        commune: "16015".to_owned(),
        latitude: None,
        longitude: None,
        phone: None,
        services: None,
        opening_hours: None,
    };
    venues::create(services, &request, None).unwrap().value.id
}
