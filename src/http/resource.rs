//! An address of the router, with our own words for methods it does not have.

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::{FromRequest, Handler, HttpRequest, Resource, Responder, Route, web};

use super::problem::Problem;
use crate::domain::refusal::{Code, Fact, Refused};

/// A method, and what answers it.
pub struct Verb {
    method: &'static str,
    route: Route,
}

macro_rules! verbs {
    ($($name:ident $method:literal,)+) => {$(
        #[doc = concat!("What answers a ", $method, ".")]
        pub fn $name() -> Verb {
            Verb { method: $method, route: web::$name() }
        }
    )+};
}

verbs! { get "GET, HEAD", post "POST", put "PUT", patch "PATCH", delete "DELETE", }

impl Verb {
    /// Answers by that function.
    #[must_use]
    pub fn to<F, Args>(self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        Self { route: self.route.to(handler), ..self }
    }
}

/// An address, and the methods it has.
pub struct Address {
    resource: Resource,
    methods: Vec<&'static str>,
}

/// An address that answers other methods with 405 in our words, which name those it has.
#[must_use]
pub fn at(path: &str) -> Address {
    Address { resource: web::resource(path), methods: Vec::new() }
}

impl Address {
    /// With one method more.
    #[must_use]
    pub fn route(mut self, verb: Verb) -> Self {
        self.methods.push(verb.method);
        Self { resource: self.resource.route(verb.route), ..self }
    }
}

impl HttpServiceFactory for Address {
    fn register(self, config: &mut AppService) {
        let allowed = self.methods.join(", ");
        let refuse = move |request: HttpRequest| {
            let refused = method_not_allowed(request.method().as_str(), &allowed);
            async move { Err::<&'static str, Problem>(refused.into()) }
        };
        self.resource.default_service(web::to(refuse)).register(config);
    }
}

fn method_not_allowed(method: &str, allowed: &str) -> Refused {
    let sentence = format!(
        "L'action {method} n'existe pas à cette adresse, où l'on peut {allowed} : vérifiez la \
         documentation."
    );
    let mut refused = Refused::new(Code::MethodNotAllowed, sentence);
    refused.facts.push(("allow".to_owned(), Fact::Text(allowed.to_owned())));
    refused
}
