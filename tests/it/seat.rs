//! Somebody in front of the pages without a browser: a session, what they read, what they send.

use std::fmt::Write as _;

use crate::actors::{PASSWORD, Person};
use crate::door::{Answer, Call};
use crate::house::House;

pub struct Seat<'a> {
    house: &'a House,
    /// The session; empty for nobody.
    pub cookie: String,
}

impl<'a> Seat<'a> {
    pub fn of_nobody(house: &'a House) -> Self {
        Self { house, cookie: String::new() }
    }

    /// Signs in by the form.
    pub fn of(house: &'a House, person: &Person) -> Self {
        let nobody = Self::of_nobody(house);
        let fields = [("email", person.email.as_str()), ("password", PASSWORD)];
        let answer = nobody.sends("/connexion", &fields);
        assert_eq!(answer.status, 303, "{}", answer.text());
        let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap();
        Self { house, cookie: cookie.to_owned() }
    }

    /// The same person with another cookie beside the session's.
    pub fn carrying(&self, cookie: &str) -> Self {
        Self { house: self.house, cookie: format!("{}; {cookie}", self.cookie) }
    }

    pub fn reads(&self, path: &str) -> Answer {
        self.house.door().ask(&self.call("GET", path))
    }

    /// Sends a form as it stands, without what protects it.
    pub fn sends(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.house.door().ask(&self.form(path, fields))
    }

    /// Sends a form with the token of the page `from` and a key.
    pub fn sends_from(&self, from: &str, key: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.token(from);
        let own = [("jeton", token.as_str()), ("cle", key)];
        self.sends(path, &[&own, fields].concat())
    }

    pub fn token(&self, from: &str) -> String {
        let page = self.reads(from).text();
        let (_, rest) = page.split_once("name=\"jeton\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> Call {
        let pairs = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        self.call("POST", path).body("application/x-www-form-urlencoded", body.as_bytes())
    }

    /// Sends a body of any kind: a form with a file.
    pub fn sends_body(&self, path: &str, kind: &str, body: &str) -> Answer {
        self.house.door().ask(&self.call("POST", path).body(kind, body.as_bytes()))
    }

    fn call(&self, method: &str, path: &str) -> Call {
        let call = Call::page(method, path).header("Accept", "text/html");
        if self.cookie.is_empty() { call } else { call.header("Cookie", &self.cookie) }
    }
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        write!(encoded, "%{byte:02X}").unwrap();
        encoded
    })
}
