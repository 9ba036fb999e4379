//! The page that says what went wrong, and what to do next.

use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use askama::Template;

use super::frame::{Frame, see_other};
use super::visit::Visitor;
use super::wording;
use crate::domain::code;
use crate::domain::refusal::{Code, Refused};

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    frame: Frame,
    title: &'a str,
    sentence: &'a str,
    request_id: &'a str,
    next: (&'static str, &'static str),
}

/// Renders a refusal as a page, with the ways of who is signed in.
pub fn page(
    builder: &mut HttpResponseBuilder,
    visitor: Option<&Visitor>,
    refused: &Refused,
    id: &str,
) -> HttpResponse {
    let title = refused.code.title();
    let next = match refused.code {
        Code::Unauthenticated => ("/", "Se connecter"),
        _ => ("/", "Aller à l’accueil"),
    };
    let sentence = wording::sentence(&refused.sentence);
    let around = visitor.map_or_else(|| Frame::open(title), |visitor| visitor.frame(title));
    let frame = Frame { private: true, ..around };
    let page = ErrorPage { frame, title, sentence: &sentence, request_id: id, next };
    // The sentence is worth more than the page around it.
    let body = page.render().unwrap_or(sentence);
    builder.content_type("text/html; charset=utf-8").body(body)
}

/// Who opens a page without being signed in signs in first and comes back to it.
#[must_use]
pub fn sign_in_first(request: &HttpRequest, refused: &Refused) -> Option<HttpResponse> {
    let reads = request.method() == Method::GET && refused.code == Code::Unauthenticated;
    let address = request.uri().path_and_query();
    // Somebody may have written a code there.
    let whole = address.filter(|address| !code::stands_in(address.query().unwrap_or_default()));
    let back = whole.map_or(request.path(), |address| address.as_str());
    let address = format!("/?suite={}", askama::filters::urlencode_strict(back).ok()?);
    reads.then(|| {
        let mut answer = see_other(&address);
        let headers = answer.headers_mut();
        headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
        answer
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::snapshot::reviewed;

    #[test]
    fn a_problem_is_told_with_its_number_and_a_way_on() {
        let page = ErrorPage {
            frame: Frame::open("Introuvable"),
            title: "Introuvable",
            sentence: "Nous ne trouvons pas cet élément.",
            request_id: "019cd6f9",
            next: ("/", "Aller à l’accueil"),
        };
        reviewed("error", &page);
    }
}
