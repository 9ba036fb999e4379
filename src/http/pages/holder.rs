//! What is left on a pass, for the person who holds it: easy to read, and nothing else.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

use super::carried_code::carry;
use super::frame::{Frame, ok, see_other, with_status};
use super::visit::{OpenForm, Visitor};
use super::wording::{in_letters, phone, phone_link, workshops};
use crate::app::App;
use crate::domain::caller::Right;
use crate::domain::code::Code;
use crate::domain::pass_status::PassStatus;
use crate::http::answer::Answer;
use crate::http::problem::Problem;
use crate::services::Error;
use crate::services::holder::{self, HolderView};

#[derive(Template)]
#[template(path = "holder.html")]
struct HolderPage {
    frame: Frame,
    pass: HolderView,
}

#[derive(Template)]
#[template(path = "type_code.html")]
struct TypeCodePage {
    frame: Frame,
    wrong: bool,
}

/// `GET /p/{code}` and `GET /P/{code}`: staff who are signed in validate it, a social worker hands
/// a printed one over, anybody else reads what is left.
pub async fn read(app: Data<App>, typed: Path<String>, visitor: Visitor) -> Answer {
    let typed = typed.into_inner();
    let staff = visitor.caller.is_some_and(|caller| caller.may(Right::Redeem));
    if let Some(code) = Code::read(&typed).ok().filter(|_| staff) {
        return Ok(carry(&app, &code, "/scanner", ""));
    }
    let hands_over = visitor.caller.is_some_and(|caller| caller.may(Right::HandOver));
    let code = Code::read(&typed).ok().filter(|_| hands_over);
    match (app.run_public(move |services| holder::for_holder(services, &typed)).await, code) {
        (Ok(pass), Some(code)) if pass.status == PassStatus::Printed => {
            Ok(carry(&app, &code, "/remise", "stock=oui&"))
        }
        (Ok(pass), _) => {
            let frame = Frame { private: true, ..visitor.frame("Votre pass") };
            ok(&HolderPage { frame, pass })
        }
        (Err(Error::Refused { refused, .. }), _) => {
            let status = Problem::from(*refused).status_code();
            with_status(status, &TypeCodePage { frame: type_code_frame(), wrong: true })
        }
        (Err(error), _) => Err(error.into()),
    }
}

/// `GET /p`
pub async fn ask() -> Answer {
    ok(&TypeCodePage { frame: type_code_frame(), wrong: false })
}

/// `POST /p`: a typed code leads to the same page as the QR.
pub async fn typed(form: OpenForm) -> Answer {
    match Code::read(form.0.text("code")) {
        Ok(code) => Ok::<HttpResponse, Problem>(see_other(&format!("/p/{}", code.as_str()))),
        Err(_) => ok(&TypeCodePage { frame: type_code_frame(), wrong: true }),
    }
}

fn type_code_frame() -> Frame {
    Frame { private: true, ..Frame::open("Combien d’ateliers me reste-t-il ?") }
}

#[cfg(test)]
mod tests;
