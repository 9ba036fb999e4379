//! The page every problem's `type` leads to: what each code means.

use askama::Template;

use super::frame::{Frame, ok};
use crate::domain::refusal::Code;
use crate::http::answer::Answer;
use crate::http::problem::status;

#[derive(Template)]
#[template(path = "codes.html")]
struct Codes {
    frame: Frame,
    codes: Vec<Row>,
}

struct Row {
    code: &'static str,
    status: u16,
    title: &'static str,
    meaning: &'static str,
}

/// `GET /docs/errors`
pub async fn list() -> Answer {
    let codes = Code::ALL.iter().map(|code| Row {
        code: code.as_str(),
        status: status(*code).as_u16(),
        title: code.title(),
        meaning: code.meaning(),
    });
    ok(&Codes { frame: Frame::open("Codes de refus"), codes: codes.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::snapshot::reviewed;

    #[test]
    fn the_page_of_codes_explains_what_it_is_given() {
        let row =
            Row { code: "exhausted", status: 409, title: "Pass terminé", meaning: "All used." };
        let page = Codes { frame: Frame::open("Codes de refus"), codes: vec![row] };
        reviewed("codes", &page);
    }
}
