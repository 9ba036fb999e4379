//! The public door: HTTP requests, and answers that are looked at closely.

use pass_numerique::domain::refusal::Code;
use pass_numerique::http::problem::status;
use serde_json::Value;
use ureq::http::{HeaderMap, Request};
use uuid::Uuid;

#[derive(Clone)]
pub struct Door {
    agent: ureq::Agent,
    base: String,
}

impl Door {
    pub fn at(base: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .build();
        Self { agent: config.new_agent(), base: base.to_owned() }
    }

    pub fn ask(&self, call: &Call) -> Answer {
        self.try_ask(call).unwrap()
    }

    /// Fails when the connection does.
    pub fn try_ask(&self, call: &Call) -> Result<Answer, ureq::Error> {
        let mut request = Request::builder()
            .method(call.method.as_str())
            .uri(format!("{}{}", self.base, call.path));
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        let answer = match &call.body {
            Some(body) => self.agent.run(request.body(body.clone()).unwrap())?,
            None => self.agent.run(request.body(()).unwrap())?,
        };
        let (parts, mut body) = answer.into_parts();
        let bytes = body.with_config().limit(50_000_000).read_to_vec()?;
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, bytes })
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask(&Call::new("GET", path))
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask(&Call::new("POST", path).json(body))
    }
}

/// A request on its way.
#[derive(Clone, Debug)]
pub struct Call {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Call {
    pub fn new(method: &str, path: &str) -> Self {
        let path = if path.starts_with("/api/") || !path.starts_with('/') {
            path.to_owned()
        } else {
            api(path)
        };
        Self { method: method.to_owned(), path, headers: Vec::new(), body: None }
    }

    /// For the few addresses that are not the API's.
    pub fn outside(path: &str) -> Self {
        Self::page("GET", path)
    }

    /// A page, whichever the method.
    pub fn page(method: &str, path: &str) -> Self {
        Self { path: path.to_owned(), ..Self::new(method, "/") }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string().as_bytes())
    }

    pub fn body(self, kind: &str, body: &[u8]) -> Self {
        Self { body: Some(body.to_vec()), ..self.header("Content-Type", kind) }
    }

    pub fn untyped_body(self, body: &[u8]) -> Self {
        Self { body: Some(body.to_vec()), ..self }
    }

    pub fn key(self, key: Uuid) -> Self {
        self.header("Idempotency-Key", &key.to_string())
    }

    pub fn bearer(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }
}

fn api(path: &str) -> String {
    format!("/api/v1{path}")
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{error} in {} {}", self.status, self.text()))
    }

    pub fn replayed(&self) -> bool {
        self.header("idempotency-replayed") == Some("true")
    }

    /// The body of an answer that must have that status.
    #[track_caller]
    pub fn must_be(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        if self.bytes.is_empty() { Value::Null } else { self.json() }
    }

    /// The body of a refusal, which must have the form that every refusal has.
    #[track_caller]
    pub fn refused(&self, code: &str) -> Value {
        let problem = self.problem();
        assert_eq!(problem["code"], code, "{problem}");
        problem
    }

    /// A refusal, whichever.
    #[track_caller]
    pub fn problem(&self) -> Value {
        assert!(self.status >= 400, "{} {}", self.status, self.text());
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json"),
            "{}",
            self.text()
        );
        let problem = self.json();
        let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
        let code = Code::ALL.iter().find(|code| code.as_str() == text("code"));
        let code = code.unwrap_or_else(|| panic!("unknown code in {problem}"));
        assert_eq!(problem["status"], self.status, "{problem}");
        assert_eq!(status(*code).as_u16(), self.status, "{problem}");
        assert_eq!(problem["title"], code.title());
        assert_eq!(text("type"), format!("/docs/errors#{}", code.as_str()));
        assert!(text("detail").ends_with(['.', '…']), "{problem}");
        assert_eq!(Some(text("request_id").as_str()), self.header("x-request-id"));
        problem
    }
}
