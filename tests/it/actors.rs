//! The people of the scheme, each with the sentences they would say.

use std::ops::Deref;
use std::sync::{Arc, Mutex};

use pass_numerique::adapters::clock::{Clock, MovedClock};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::door::{Answer, Call, Door};
use crate::house::House;

pub const PASSWORD: &str = "une longue phrase facile";
pub const THEME: &str = "creer_une_boite_mail";
/// What planned workshops are about.
pub const PLANNED_THEME: &str = "chercher_un_emploi_en_ligne";

/// An access token is renewed after so many seconds, and its refresh token is good for so many.
const RENEW: i64 = 10 * 60;
const REFRESHABLE: i64 = 29 * 24 * 60 * 60;

/// Somebody with an account.
pub struct Person {
    door: Door,
    clock: Arc<MovedClock>,
    pub email: String,
    pub id: Uuid,
    pub organisation: String,
    signed_in: Mutex<Option<SignedIn>>,
}

struct SignedIn {
    access: String,
    refresh: String,
    at: i64,
}

impl Person {
    pub fn new(house: &House, email: &str, id: Uuid, organisation: &str) -> Self {
        Self {
            door: house.door(),
            clock: Arc::clone(&house.clock),
            email: email.to_owned(),
            id,
            organisation: organisation.to_owned(),
            signed_in: Mutex::new(None),
        }
    }

    /// The access token, renewed when the clock was moved.
    pub fn token(&self) -> String {
        let now = self.clock.now().micros() / 1_000_000;
        let mut signed_in = self.signed_in.lock().unwrap();
        let age = signed_in.as_ref().map(|known| now - known.at);
        let body = match (&*signed_in, age) {
            (Some(known), Some(age)) if age.abs() < RENEW => return known.access.clone(),
            (Some(known), Some(age)) if (0..REFRESHABLE).contains(&age) => {
                let refresh = json!({"refresh_token": known.refresh});
                self.door.post("/auth/refresh", &refresh).must_be(200)
            }
            _ => {
                let credentials = json!({"email": self.email, "password": PASSWORD});
                self.door.post("/auth/tokens", &credentials).must_be(200)
            }
        };
        let (access, refresh) = (text(&body, "access_token"), text(&body, "refresh_token"));
        *signed_in = Some(SignedIn { access: access.clone(), refresh, at: now });
        access
    }

    pub fn ask(&self, call: Call) -> Answer {
        self.door.ask(&call.bearer(&self.token()))
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask(Call::new("GET", path))
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask(Call::new("POST", path).json(body))
    }

    pub fn post_with(&self, key: Uuid, path: &str, body: &Value) -> Answer {
        self.ask(Call::new("POST", path).json(body).key(key))
    }

    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        self.ask(Call::new("PATCH", path).json(body))
    }
}

pub fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}")).to_owned()
}

macro_rules! actors {
    ($($(#[$doc:meta])* $actor:ident),+ $(,)?) => {$(
        $(#[$doc])*
        pub struct $actor(pub Person);
        impl Deref for $actor {
            type Target = Person;
            fn deref(&self) -> &Person {
                &self.0
            }
        }
    )+};
}

actors! {
    /// Runs the installation.
    Operator,
    /// Hands passes over.
    SocialWorker,
    /// Redeems passes.
    VenueStaff,
    /// Reads what its money became.
    Funder,
    /// Reads everything, changes nothing.
    Auditor,
}

impl Operator {
    /// `roles` is any of `funder`, `prescriber`, `venue_operator`.
    pub fn organisation(&self, name: &str, roles: &[&str]) -> String {
        let mut body = json!({"name": name});
        for role in roles {
            body[*role] = json!(true);
        }
        text(&self.post("/organisations", &body).must_be(201), "id")
    }

    pub fn programme(&self, body: &Value) -> String {
        text(&self.post("/programmes", body).must_be(201), "id")
    }

    pub fn agreement(&self, programme: &str, body: &Value) -> String {
        let path = format!("/programmes/{programme}/agreements");
        text(&self.post(&path, body).must_be(201), "id")
    }

    pub fn available(&self, programme: &str, agreement: &str) -> i64 {
        let list = self.get(&format!("/programmes/{programme}/agreements")).must_be(200);
        let found = list["data"].as_array().unwrap().iter().find(|line| line["id"] == agreement);
        found.unwrap()["available_cents"].as_i64().unwrap()
    }

    pub fn venue(&self, organisation: &str, name: &str) -> String {
        let body = json!({
            "organisation_id": organisation, "name": name, "address": "1 place de la Mairie",
            "postal_code": "16000", "commune": "16015", "latitude": 45.65, "longitude": 0.16,
        });
        text(&self.post("/venues", &body).must_be(201), "id")
    }

    pub fn labels(&self, venue: &str, from: &str, until: &str) {
        let days = json!({"valid_from": from, "valid_until": until});
        self.post(&format!("/venues/{venue}/labels"), &days).must_be(201);
    }

    pub fn accepts_prescriber(&self, programme: &str, organisation: &str) {
        let body = json!({"organisation_id": organisation});
        let answer = self.post(&format!("/programmes/{programme}/prescribers"), &body);
        assert!(answer.status < 300, "{}", answer.text());
    }

    pub fn accepts_venue(&self, programme: &str, venue: &str) {
        let body = json!({"venue_id": venue});
        let answer = self.post(&format!("/programmes/{programme}/venues"), &body);
        assert!(answer.status < 300, "{}", answer.text());
    }
}

/// A pass as it lies on the table.
#[derive(Clone, Debug)]
pub struct HeldPass {
    pub id: String,
    pub code: String,
    pub qr: String,
    pub serial: String,
    pub answer: Value,
}

impl From<Value> for HeldPass {
    fn from(answer: Value) -> Self {
        Self {
            id: text(&answer, "id"),
            code: text(&answer, "code"),
            qr: text(&answer, "qr"),
            serial: text(&answer, "serial"),
            answer,
        }
    }
}

impl SocialWorker {
    pub fn tries_to_hand_over(&self, key: Uuid, body: &Value) -> Answer {
        self.post_with(key, "/passes", body)
    }

    pub fn hands_over(&self, key: Uuid, body: &Value) -> HeldPass {
        self.tries_to_hand_over(key, body).must_be(201).into()
    }

    /// `action` is `suspend`, `resume`, `void` or `replace`.
    pub fn does(&self, action: &str, pass: &str) -> Answer {
        self.post(&format!("/passes/{pass}/{action}"), &json!({"reason": "Pour un essai"}))
    }

    pub fn replaces(&self, pass: &str) -> HeldPass {
        self.does("replace", pass).must_be(201).into()
    }

    pub fn reads(&self, pass: &str) -> Value {
        self.get(&format!("/passes/{pass}")).must_be(200)
    }
}

impl VenueStaff {
    pub fn checks(&self, code: &str, venue: &str) -> Answer {
        self.post("/redemptions/check", &json!({"code": code, "venue_id": venue}))
    }

    pub fn redeems(&self, key: Uuid, code: &str, venue: &str) -> Answer {
        self.post_with(key, "/redemptions", &redemption(code, venue))
    }

    pub fn plans(&self, venue: &str, starts_at: &str) -> Answer {
        let workshop = json!({"venue_id": venue, "theme": PLANNED_THEME, "starts_at": starts_at,
            "minutes": 120, "seats": 10});
        self.post("/scheduled-workshops", &workshop)
    }

    /// Sends scans that waited, and answers what became of each.
    pub fn syncs(&self, sent_at: Option<&str>, scans: &[Value]) -> Vec<Value> {
        let mut body = json!({"device_id": "téléphone de l'accueil", "items": scans});
        if let Some(sent_at) = sent_at {
            body["sent_at"] = sent_at.into();
        }
        let answer = self.post("/redemptions/sync", &body).must_be(200);
        answer["results"].as_array().unwrap().clone()
    }

    pub fn undoes(&self, key: Uuid, redemption: &str) -> Answer {
        let reason = json!({"reason": "Mauvais pass scanné"});
        self.post_with(key, &format!("/redemptions/{redemption}/reversal"), &reason)
    }
}

/// A scan without a network, at an instant by the phone's clock.
pub fn scan(key: Uuid, code: &str, venue: &str, scanned_at: &str) -> Value {
    json!({"idempotency_key": key, "code": code, "venue_id": venue, "theme": THEME,
        "scanned_at": scanned_at})
}

pub fn redemption(code: &str, venue: &str) -> Value {
    json!({"code": code, "venue_id": venue, "theme": THEME})
}
