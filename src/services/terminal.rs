//! Who acts at the terminal: the person at the machine is an operator of the installation, by
//! e-mail when there are several.

use super::{Outcome, Services};
use crate::domain::caller::{Caller, Role};
use crate::domain::refusal::{Code, Refused};
use crate::store;

/// The operator of that e-mail, or the first there is.
///
/// # Errors
/// `not_found` when there is no such operator.
pub fn operator(services: &Services, email: Option<&str>) -> Outcome<Caller> {
    services.read(|op| {
        let found = match email {
            Some(email) => store::user::by_email(op.conn, &email.trim().to_lowercase())?,
            None => store::user::first_operator(op.conn)?,
        };
        let operator = |caller: &Caller| caller.role == Role::Operator;
        let caller = found.filter(|user| user.active).map(|user| user.caller()).transpose()?;
        let sentence = "Aucun opérateur actif n'a cette adresse : ajoutez-en un avec « user add ».";
        Ok(caller.filter(operator).ok_or_else(|| Refused::new(Code::NotFound, sentence))?)
    })
}
