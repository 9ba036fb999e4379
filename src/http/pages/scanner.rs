//! Validating at the door: photograph or type the code, choose the theme, confirm.

use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use uuid::Uuid;

use super::carried_code::carried;
use super::fields::Fields;
use super::frame::{ok, see_other, set_cookie, with_status};
use super::mark::{mark, mark_cookie};
use super::scanner_page::{Pass, ScannerPage, Told};
use super::visit::{Sent, Visit};
use super::wording::sentence;
use crate::app::App;
use crate::app::redeem_queue::RedeemQueue;
use crate::domain::caller::Caller;
use crate::domain::ids::RedemptionId;
use crate::domain::refusal::{Code, Refused};
use crate::http::answer::Answer;
use crate::http::call;
use crate::http::problem::Problem;
use crate::services::check_pass::{self, CheckPass};
use crate::services::idempotency::Key;
use crate::services::list::Page;
use crate::services::owed::{self, Owed};
use crate::services::recent_redemptions::{self, Recent};
use crate::services::redeem_request::{Credential, Redeem, Request};
use crate::services::refused_scans::{self, RefusedScan, RefusedSearch, Resolve};
use crate::services::reverse_redemption::{self, Reverse};
use crate::services::scheduled_workshops::{self, ScheduledWorkshopView};
use crate::services::venues::{self, VenueView};
use crate::services::{Error, Outcome, Services, read_photo};

/// Keeps the venue and the theme of this device: nothing about a pass.
const LAST: &str = "pass_numerique_scanner";

/// What is known before anything is answered: who, where, and the theme of the last scan.
struct Door<'a> {
    app: &'a Data<App>,
    visit: &'a Visit<call::Redeem>,
    venue: Option<Uuid>,
    theme: String,
}

/// What stands around every answer.
struct Sight {
    venues: Vec<VenueView>,
    planned: Vec<ScheduledWorkshopView>,
    today: Vec<Recent>,
    refused: Vec<RefusedScan>,
    owed: Owed,
}

impl Sight {
    fn of(services: &Services, caller: &Caller) -> Outcome<Self> {
        let open = RefusedSearch { unresolved: true, held: false };
        Ok(Self {
            venues: venues::of_caller(services, caller)?,
            planned: scheduled_workshops::today_of(services, caller)?,
            today: recent_redemptions::today(services, caller)?,
            refused: refused_scans::list(services, caller, open, Page::default())?.items,
            owed: owed::owed(services, caller)?,
        })
    }
}

impl<'a> Door<'a> {
    fn new(
        app: &'a Data<App>,
        visit: &'a Visit<call::Redeem>,
        request: &HttpRequest,
        fields: &Fields,
    ) -> Self {
        let last = request.cookie(LAST).map(|cookie| cookie.value().to_owned());
        let (venue, theme) =
            last.as_deref().and_then(|last| last.split_once('.')).unwrap_or_default();
        let theme = fields.some("theme").unwrap_or_else(|| theme.to_owned());
        Self { app, visit, venue: fields.id("lieu").or_else(|| venue.parse().ok()), theme }
    }

    /// The venue that was chosen, when it is one of the organisation's; else its only one.
    async fn page(&self, told: Told) -> Result<ScannerPage, Problem> {
        let caller = self.visit.caller;
        let Sight { venues, planned, today, refused, owed } =
            self.app.run(move |services| Sight::of(services, &caller)).await?;
        let chosen = self.venue.filter(|id| venues.iter().any(|venue| venue.id == *id));
        let services = &self.app.services;
        Ok(ScannerPage {
            frame: self.visit.frame(told.title()),
            venue: chosen.or_else(|| venues.first().map(|venue| venue.id)).unwrap_or_default(),
            chosen: chosen.is_some() || venues.len() == 1,
            venues,
            told,
            theme: self.theme.clone(),
            organisation: caller.organisation.0,
            whose: mark(self.app, caller.user),
            planned,
            today,
            refused,
            owed,
            key: services.random.id(services.clock.now()),
        })
    }

    async fn refused(&self, error: Error) -> Answer {
        match error {
            Error::Refused { refused, .. } if refused.code != Code::NotFound => {
                let status = Problem::from((*refused).clone()).status_code();
                let sentence = sentence(&refused.sentence);
                let told = Told::No { title: refused.code.title(), sentence };
                with_status(status, &self.page(told).await?)
            }
            error => Err(error.into()),
        }
    }

    /// Says what is on the pass; nothing is consumed.
    async fn check(&self, code: String, fault: &'static str) -> Answer {
        let page = self.page(Told::Nothing).await?;
        if !page.chosen {
            return ok(&ScannerPage { told: Told::WhichVenue { code }, ..page });
        }
        let (caller, venue_id) = (self.visit.caller, page.venue);
        let asked = CheckPass { code: code.clone(), venue_id, day: None };
        let checked =
            self.app.run(move |services| check_pass::check_pass(services, &caller, &asked)).await;
        match checked {
            Ok(checked) => {
                let told = Told::Pass(Pass { checked, code, fault });
                ok(&ScannerPage { frame: self.visit.frame(told.title()), told, ..page })
            }
            Err(error) => self.refused(error).await,
        }
    }

    /// Remembers the venue and the theme on this device.
    fn keep(&self, answer: &mut HttpResponse) {
        let Some(venue) = self.venue else { return };
        let kept = Cookie::build(LAST, format!("{venue}.{}", self.theme))
            .path("/scanner")
            .http_only(true)
            .secure(self.app.secure_cookies)
            .max_age(Duration::days(90))
            .finish();
        set_cookie(answer, &kept);
    }
}

/// `GET /scanner`: ready to scan, or what the last scan became.
pub async fn ready(app: Data<App>, request: HttpRequest, visit: Visit<call::Redeem>) -> Answer {
    let asked = Fields::of_address(&request);
    let door = Door::new(&app, &visit, &request, &asked);
    let caller = visit.caller;
    if let Some(code) = carried(&request, &asked) {
        let mut answer = door.check(code, "").await?;
        door.keep(&mut answer);
        set_cookie(&mut answer, &mark_cookie(&app, caller.user));
        return Ok(answer);
    }
    let told = match (asked.id("valide"), asked.id("annule")) {
        (None, None) => Told::Nothing,
        (Some(id), _) | (None, Some(id)) => {
            let find = move |services: &Services| {
                recent_redemptions::by_id(services, &caller, RedemptionId(id))
            };
            Told::Done(app.run(find).await?)
        }
    };
    let mut answer = ok(&door.page(told).await?)?;
    set_cookie(&mut answer, &mark_cookie(&app, caller.user));
    Ok(answer)
}

/// `POST /scanner`: looks at the pass of a typed code or of a photo.
pub async fn check(app: Data<App>, request: HttpRequest, mut sent: Sent<call::Redeem>) -> Answer {
    let photo = sent.fields.file.take();
    let door = Door::new(&app, &sent.visit, &request, &sent.fields);
    let typed = sent.fields.text("code").to_owned();
    let code = match photo {
        Some(bytes) if typed.is_empty() => {
            match app.run_behind(&app.gates.photos, move |_| read_photo::read_photo(&bytes)).await {
                Ok(code) => code,
                Err(error) => return door.refused(error).await,
            }
        }
        _ if typed.is_empty() => {
            let sentence = "Il manque le code : prenez le QR code en photo ou tapez les 16 signes.";
            return door.refused(Refused::new(Code::InvalidBody, sentence).into()).await;
        }
        _ => typed,
    };
    let mut answer = door.check(code, "").await?;
    door.keep(&mut answer);
    Ok(answer)
}

/// `POST /scanner/valider`: takes one workshop.
pub async fn redeem(
    app: Data<App>,
    queue: Data<RedeemQueue>,
    request: HttpRequest,
    sent: Sent<call::Redeem>,
) -> Answer {
    let key = sent.key()?;
    let door = Door::new(&app, &sent.visit, &request, &sent.fields);
    let theme = sent.fields.text("theme").to_owned();
    let code = sent.fields.text("code").to_owned();
    if theme.is_empty() {
        return door.check(code, "Choisissez l’atelier.").await;
    }
    let planned = theme.strip_prefix("seance:").and_then(|id| id.parse().ok());
    let redeem = Redeem {
        code,
        venue_id: door.venue.unwrap_or_default(),
        theme: planned.is_none().then_some(theme),
        scheduled_workshop_id: planned,
        minutes: None,
        mode: None,
    };
    let by = Credential::User(sent.visit.caller.user);
    let Key { key, request_hash, .. } = key;
    match queue.redeem(Request { by, key, request_hash, redeem, scan: None }).await {
        Ok(once) => {
            let mut answer = see_other(&format!("/scanner?valide={}", once.value.id));
            door.keep(&mut answer);
            Ok(answer)
        }
        Err(error) => door.refused(error).await,
    }
}

/// `POST /scanner/annuler/{id}`: undoes one.
pub async fn undo(
    app: Data<App>,
    id: Path<Uuid>,
    request: HttpRequest,
    sent: Sent<call::Redeem>,
) -> Answer {
    let (key, id) = (sent.key()?, *id);
    let reverse = Reverse { reason: sent.fields.text("reason").to_owned() };
    let caller = sent.visit.caller;
    let undone = app
        .run(move |services| {
            let id = RedemptionId(id);
            reverse_redemption::reverse_redemption(services, &caller, id, &reverse, Some(&key))
        })
        .await;
    match undone {
        Ok(_) => Ok(see_other(&format!("/scanner?annule={id}"))),
        Err(error) => Door::new(&app, &sent.visit, &request, &sent.fields).refused(error).await,
    }
}

/// `POST /scanner/refus/{id}`: says how a refused scan was settled.
pub async fn resolve(app: Data<App>, id: Path<Uuid>, sent: Sent<call::SettleScans>) -> Answer {
    let (key, id) = (sent.key()?, *id);
    let resolution = sent.fields.text("resolution").to_owned();
    let resolve = Resolve { resolution, accept: false };
    let caller = sent.visit.caller;
    app.run(move |services| refused_scans::resolve(services, &caller, id, &resolve, Some(&key)))
        .await?;
    Ok(see_other("/scanner"))
}
