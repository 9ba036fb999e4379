//! Every page in every state worth seeing. A page that is in no state here fails
//! `every_page.rs`: add the state, and how a person gets there.

use serde_json::json;

use crate::browser::Browser;
use crate::operator_states::operator_states;
use crate::town::Town;

/// Who looks at a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    Nobody,
    Worker,
    Staff,
    /// Of an organisation with two venues.
    Roamer,
    Funder,
    Auditor,
    Operator,
}

impl Who {
    pub const ALL: [Self; 7] = [
        Self::Nobody,
        Self::Worker,
        Self::Staff,
        Self::Roamer,
        Self::Funder,
        Self::Auditor,
        Self::Operator,
    ];
}

/// One page in one state: the route it shows, what a person reads there, and how they get there.
pub struct State {
    pub route: &'static str,
    pub who: Who,
    /// Words that only this state says.
    pub says: &'static str,
    pub reach: fn(&Browser, &Town<'_>),
}

impl State {
    pub const fn new(
        route: &'static str,
        who: Who,
        says: &'static str,
        reach: fn(&Browser, &Town<'_>),
    ) -> Self {
        Self { route, who, says, reach }
    }
}

/// Every state, by who sees it.
pub fn states() -> Vec<State> {
    let mut all = public();
    all.extend(holder());
    all.extend(worker());
    all.extend(stock());
    all.extend(her_passes());
    all.extend(staff());
    all.extend(money());
    all.extend(operator_states());
    all
}

fn public() -> Vec<State> {
    use Who::Nobody;
    vec![
        State::new("/", Nobody, "Mot de passe oublié", |page, _| {
            page.opens("/");
        }),
        State::new("/", Nobody, "À corriger", |page, _| {
            page.opens("/").types("Adresse e-mail", "inconnue@exemple.fr");
            page.types("Mot de passe", "pas le bon").presses("Se connecter");
        }),
        State::new("/invitation/{secret}", Nobody, "choisir un mot de passe", |page, town| {
            page.opens(&town.invitation);
        }),
        State::new("/invitation/{secret}", Nobody, "À corriger", |page, town| {
            page.opens(&town.invitation).types("Choisissez un mot de passe", "court");
            page.presses("Enregistrer");
        }),
        State::new("/accessibilite", Nobody, "Voies de recours", |page, _| {
            page.opens("/accessibilite");
        }),
        State::new("/docs/errors", Nobody, "Codes de refus", |page, _| {
            page.opens("/docs/errors");
        }),
        State::new("/donnees-ouvertes", Nobody, "Février 2026", |page, _| {
            page.opens("/donnees-ouvertes");
        }),
        State::new("/lieux", Nobody, "Médiathèque du centre", |page, _| {
            page.opens("/lieux");
        }),
        State::new("/lieux", Nobody, "Médiathèque du centre", |page, _| {
            page.opens("/lieux?q=16000");
        }),
        State::new("/lieux", Nobody, "Saint-Denis", |page, _| {
            page.opens("/lieux?q=Saint-Denis");
        }),
        State::new("/lieux", Nobody, "Nous ne trouvons pas cette commune", |page, _| {
            page.opens("/lieux?q=Brigadoon");
        }),
        State::new("/lieux", Nobody, "Brest", |page, _| {
            page.opens("/lieux?q=29200");
        }),
        State::new("*", Nobody, "Nous ne trouvons pas", |page, _| {
            page.opens("/nulle-part");
        }),
    ]
}

fn holder() -> Vec<State> {
    use Who::Nobody;
    vec![
        State::new("/p", Nobody, "Combien d’ateliers", |page, _| {
            page.opens("/p");
        }),
        State::new("/p", Nobody, "Nous ne trouvons pas ce pass", |page, _| {
            page.opens("/p").types("Code de votre pass", "AAAA-AAAA-AAAA-AAAA").presses("Voir");
        }),
        State::new("/p/{code}", Nobody, "9 ateliers", |page, town| {
            page.opens(&format!("/p/{}", town.active.code));
        }),
        State::new("/P/{code}", Nobody, "9 ateliers", |page, town| {
            page.opens(town.active.qr.trim_start_matches("HTTPS://PASS.TEST"));
        }),
        State::new("/p/{code}", Nobody, "Votre pass", |page, town| {
            page.opens(&format!("/p/{}", town.exhausted.code));
        }),
        State::new("/p/{code}", Nobody, "Votre pass", |page, town| {
            page.opens(&format!("/p/{}", town.suspended.code));
        }),
        State::new("/p/{code}", Nobody, "Votre pass", |page, town| {
            page.opens(&format!("/p/{}", town.replaced.code));
        }),
        State::new("/p/{code}", Nobody, "Votre pass", |page, town| {
            page.opens(&format!("/p/{}", town.void.code));
        }),
        State::new("/p/{code}", Nobody, "Votre pass", |page, town| {
            page.opens(&format!("/p/{}", town.expired.code));
        }),
        State::new("/p/{code}", Nobody, "Nous ne trouvons pas ce pass", |page, _| {
            page.opens("/p/AAAAAAAAAAAAAAAA");
        }),
    ]
}

fn stock() -> Vec<State> {
    use Who::Worker;
    vec![
        State::new("/remise", Worker, "Remettre un pass du stock", |page, _| {
            page.opens("/remise?stock=oui");
        }),
        State::new("/remise", Worker, "Numéro de série", |page, town| {
            page.opens("/remise?stock=oui").types("Code du pass", &town.printed);
            page.presses("Continuer");
        }),
        State::new("/remise", Worker, "déjà été remis", |page, town| {
            page.opens("/remise?stock=oui").types("Code du pass", &town.active.code);
            page.presses("Continuer");
        }),
        State::new("/stock", Worker, "Carton 2", |page, _| {
            page.opens("/stock");
        }),
        State::new("/stock", Worker, "Il manque les numéros de série", |page, town| {
            page.opens("/stock").runs(COUNTS_THE_LAST_BOX, json!([town.printed]));
        }),
    ]
}

/// Scans one pass of the last box and sends the count.
const COUNTS_THE_LAST_BOX: &str = "
    const form = [...document.querySelectorAll('form[action$=compter]')].pop();
    form.closest('details').open = true;
    form.querySelector('textarea').value = arguments[0];
    form.querySelector('button').click();";

fn worker() -> Vec<State> {
    use Who::Worker;
    vec![
        State::new("/remise", Worker, "Remettre un pass", |page, _| {
            page.opens("/remise");
        }),
        State::new("/remise", Worker, "Nous ne trouvons pas cette commune", |page, _| {
            page.opens("/remise").chooses("Pass numérique Charente", "5");
            page.types("Commune où vit", "Brigadoon").types("Prénom", "Jeanne");
            page.presses("Continuer");
        }),
        State::new("/remise", Worker, "Plusieurs communes", |page, _| {
            page.opens("/remise").chooses("Pass numérique Charente", "5");
            page.types("Commune où vit", "Saint-Denis").presses("Continuer");
        }),
        State::new("/remise", Worker, "Qui paie ce pass", |page, _| {
            page.opens("/remise").chooses("Pass numérique Charente", "10");
            page.types("Commune où vit", "16000").presses("Continuer");
        }),
        State::new("/remise", Worker, "Cette page est restée ouverte", |page, _| {
            page.opens("/remise").chooses("Pass numérique Charente", "10");
            page.runs("document.querySelector('main [name=jeton]').value = ''", json!([]));
            page.presses("Continuer");
        }),
        State::new("/remise", Worker, "Retrouver le pass de cette personne", |page, _| {
            for _ in 0..2 {
                page.opens("/remise").chooses("Pass numérique Charente", "5");
                page.types("Prénom", "Awa").types("Nom de naissance", "Diallo");
                page.types("Date de naissance", "17/05/1961").presses("Continuer");
                let answers = ["Vérifier avant", "Retrouver le pass de cette personne"];
                if page.must_say_one_of(&answers) == answers[0] {
                    page.presses("Remettre ce pass").must_say("Pass remis");
                }
            }
        }),
        State::new("/remise/{id}", Worker, "Il reste 9 ateliers", |page, town| {
            page.opens(&format!("/remise/{}?remis=oui", town.active.id));
        }),
        State::new("/remise/{id}", Worker, "Suspendu", |page, town| {
            page.opens(&format!("/remise/{}", town.suspended.id));
        }),
        State::new("/remise/{id}", Worker, "Remplacé", |page, town| {
            page.opens(&format!("/remise/{}", town.replaced.id));
        }),
        State::new("/remise/{id}", Worker, "Annulé", |page, town| {
            page.opens(&format!("/remise/{}", town.void.id));
        }),
        State::new("/remise/{id}", Worker, "ntraînement", |page, town| {
            page.opens(&format!("/remise/{}", town.training.id));
        }),
        State::new("*", Worker, "Votre compte ne permet pas cette action", |page, _| {
            page.opens("/scanner");
        }),
    ]
}

fn her_passes() -> Vec<State> {
    use Who::{Operator, Worker};
    vec![
        State::new("/remise/suivi", Worker, "Remis ce mois-ci", |page, _| {
            page.opens("/remise/suivi");
        }),
        State::new("/remise/suivi", Worker, "Aucun pass ne correspond", |page, _| {
            page.opens("/remise/suivi?du=2031-01-01");
        }),
        State::new("/remise/suivi", Worker, "Nous ne trouvons pas de pass", |page, _| {
            page.opens("/remise/suivi?serie=AAAA");
        }),
        State::new("/remise/suivi", Worker, "pas remis de pass à cette personne", |page, _| {
            page.opens("/remise/suivi").presses("Je n’ai pas le numéro");
            page.types("Prénom", "Jeanne").types("Nom de naissance", "Martin");
            page.types("Date de naissance", "17051961").presses("Retrouver son pass");
        }),
        State::new("/remise/suivi", Operator, "Retrouver un pass", |page, _| {
            page.opens("/remise/suivi");
        }),
    ]
}

fn staff() -> Vec<State> {
    use Who::{Roamer, Staff};
    vec![
        State::new("/", Staff, "Se déconnecter", |page, _| {
            page.opens("/");
        }),
        State::new("/scanner", Staff, "Code du pass", |page, _| {
            page.opens("/scanner");
        }),
        State::new("/scanner", Staff, "Il reste 9 ateliers", |page, town| {
            page.opens(&format!("/P/{}", town.active.code));
        }),
        State::new("/scanner", Staff, "ntraînement", |page, town| {
            page.opens(&format!("/P/{}", town.training.code));
        }),
        State::new("/scanner", Staff, "Refusé", |page, town| {
            page.opens(&format!("/P/{}", town.exhausted.code));
        }),
        State::new("/scanner", Staff, "Refusé", |page, _| {
            page.opens("/P/0000000000000000");
        }),
        State::new("/scanner", Staff, "Atelier validé", |page, town| {
            page.opens(&format!("/P/{}", town.active.code));
            page.chooses("Atelier", "Créer une boîte mail").presses("Valider");
        }),
        State::new("/scanner", Staff, "Validation annulée", |page, _| {
            page.opens("/scanner").presses("Annuler").presses("Annuler cette validation");
        }),
        State::new("/scanner", Staff, "Code complet", |page, town| {
            page.opens("/scanner").types("Code du pass", &town.active.code);
        }),
        State::new("/scanner", Staff, "Valider 1 atelier", |page, town| {
            page.opens("/scanner").types("Code du pass", &town.active.code).presses("Vérifier");
            page.must_say("Il reste");
        }),
        State::new("/scanner", Staff, "Refusé : code mal recopié", |page, _| {
            page.opens("/scanner").types("Code du pass", "0000-0000-0000-0001").presses("Vérifier");
        }),
        State::new("/seances", Staff, "Aucune séance n’est prévue", |page, _| {
            page.opens("/seances");
        }),
        State::new("/seances", Staff, "À corriger", |page, _| {
            page.opens("/seances").types("Jour", "demain").presses("Prévoir cette séance");
        }),
        State::new("/seances", Staff, "Séance prévue", |page, _| {
            page.opens("/seances").chooses("Thème", "Faire son CV").types("Jour", "22/04/2026");
            page.types("Heure de début", "14:30").presses("Prévoir cette séance");
        }),
        State::new("/scanner", Roamer, "Dans quel lieu êtes-vous", |page, town| {
            page.opens(&format!("/P/{}", town.active.code));
        }),
        State::new("/scanner", Roamer, "Choisissez votre lieu", |page, _| {
            page.opens("/scanner");
        }),
    ]
}

fn money() -> Vec<State> {
    use Who::{Auditor, Funder, Operator};
    vec![
        State::new("/", Funder, "Se déconnecter", |page, _| {
            page.opens("/");
        }),
        State::new("/rapports", Funder, "Rapport", |page, _| {
            page.opens("/rapports");
        }),
        State::new("/rapports", Funder, "Rapport", |page, _| {
            page.opens("/rapports?from=2024-01&to=2024-12");
        }),
        State::new("/", Auditor, "Se déconnecter", |page, _| {
            page.opens("/");
        }),
        State::new("/rapports/detail", Funder, "Rapport", |page, _| {
            page.opens("/rapports/detail");
        }),
        State::new("/rapports", Funder, "Le dernier mois doit suivre le premier", |page, _| {
            page.opens("/rapports?from=2026-02&to=2026-01");
        }),
        State::new("/rapports", Funder, "Chiffres au 31 mars 2026 à 23 h 59", |page, _| {
            page.opens("/rapports?as_of=2026-03-31");
        }),
        State::new(
            "/rapports/detail",
            Auditor,
            "Chiffres au 31 mars 2026 à 20 h 00",
            |page, _| {
                page.opens("/rapports/detail?as_of=2026-03-31T18:00:00Z");
            },
        ),
        State::new("/rapports", Funder, "Ce moment n’est pas encore passé", |page, _| {
            page.opens("/rapports?as_of=2999-01-01");
        }),
        State::new("/rapports/detail", Auditor, "Rapport détaillé", |page, _| {
            page.opens("/rapports/detail?group_by=month&group_by=theme&group_by=venue");
        }),
        State::new("/rapports/detail", Auditor, "Le dernier mois doit suivre", |page, _| {
            page.opens("/rapports/detail?from=2026-02&to=2026-01");
        }),
        State::new("/", Operator, "Se déconnecter", |page, _| {
            page.opens("/");
        }),
        State::new("/rapports", Operator, "Rapport", |page, _| {
            page.opens("/rapports");
        }),
    ]
}
