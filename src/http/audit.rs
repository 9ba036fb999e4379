//! What of a request goes into the audit journal: who asked under which right, which route, which
//! thing, and how it was answered. The extractor leaves who asked; this notes it, once.

use std::sync::Arc;

use actix_web::dev::ServiceResponse;
use actix_web::{HttpMessage, HttpRequest};
use uuid::Uuid;

use super::client_address;
use super::problem::Problem;
use crate::app::App;
use crate::domain::audit;
use crate::domain::caller::{Caller, Right};
use crate::domain::ids::EntryId;
use crate::services::Error;
use crate::services::audit::Access;
use crate::services::audit_desk::{count_reading, enqueue, note, note_answered};

/// Who asked, and under which right.
#[derive(Clone, Copy)]
struct Asked {
    caller: Caller,
    right: Right,
}

/// Leaves with the request who asked, whether or not they may.
///
/// # Errors
/// `too_many_requests` when the account reads more than it may: nothing is read, nothing is noted.
pub fn asked(
    app: &App,
    request: &HttpRequest,
    caller: Caller,
    right: Right,
) -> Result<(), Problem> {
    if request.method().is_safe() && audit::act(right, false).is_some() {
        count_reading(&app.services, caller.user)?;
    }
    request.extensions_mut().insert(Asked { caller, right });
    Ok(())
}

/// Where a request came from, cut to its network.
#[must_use]
pub fn network(app: &App, request: &HttpRequest) -> Option<String> {
    client_address::of(request, &app.proxies).map(audit::cut)
}

/// Notes what a person did to a sign-in of their own. It is done: a journal that cannot be written
/// does not undo it.
pub async fn note_own(app: &Arc<App>, request: &HttpRequest, access: Access) {
    let access = Access { address: network(app, request), ..access };
    if app.run(move |services| note(services, &access)).await.is_err() {
        tracing::error!("a sign-in that ended or began is not in the audit journal");
    }
}

/// Notes the access. Nothing that is only read is given to anybody when it cannot be noted.
///
/// # Errors
/// The failure to note a reading.
pub async fn after<B>(
    app: &Arc<App>,
    response: &ServiceResponse<B>,
    request_id: &str,
    pattern: &str,
) -> Result<(), Problem> {
    let request = response.request();
    let asked = request.extensions().get::<Asked>().copied();
    let writes = !request.method().is_safe();
    let Some(Asked { caller, right }) = asked else { return Ok(()) };
    let status = response.status().as_u16();
    let act = audit::act(right, writes).or_else(|| audit::refused_act(right, status));
    let Some(act) = act else { return Ok(()) };
    let named = request.match_info().iter().find_map(|(_, value)| value.parse::<Uuid>().ok());
    let access = Access {
        user: Some(caller.user),
        organisation: Some(caller.organisation),
        act,
        target: format!("{} {pattern}", request.method()),
        subject: named.map(EntryId),
        status,
        request: request_id.parse().ok().map(EntryId),
        address: network(app, request),
    };
    let noted = access.clone();
    match app.run(move |services| note_answered(services, right, &noted)).await {
        Err(error) if !writes => Err(error.into()),
        Err(error) => {
            // It is done and its own rows say who did it; telling the person it failed would
            // make them do it again.
            let cause = match error {
                Error::Failure(failure) => failure.for_the_log(),
                Error::Refused { refused, .. } => refused.sentence,
            };
            tracing::error!(request_id, pattern, cause, "not in the audit journal yet");
            enqueue(&app.services, access);
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}
