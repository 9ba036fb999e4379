//! A resource of the router, with our own words for methods it does not have.

use actix_web::{HttpRequest, Resource, web};

use super::problem::Problem;
use crate::domain::refusal::{Code, Refused};

/// A resource that answers other methods with 405 in our words.
pub fn at(path: &str) -> Resource {
    web::resource(path).default_service(web::to(method_not_allowed))
}

async fn method_not_allowed(request: HttpRequest) -> Result<&'static str, Problem> {
    let sentence = format!(
        "L'action {} n'existe pas à cette adresse : vérifiez la documentation.",
        request.method()
    );
    Err(Refused::new(Code::MethodNotAllowed, sentence).into())
}
