//! Pages that are one form, and pages that ask before they do what moves money or stops somebody.

use actix_web::ResponseError;
use askama::Template;

use super::form::{Field, Form};
use crate::app::App;
use crate::domain::refusal::{Code, Refused};
use crate::http::answer::Answer;
use crate::http::pages::faults::Faults;
use crate::http::pages::fields::Fields;
use crate::http::pages::frame::{Frame, ok, see_other, with_status};
use crate::http::pages::visit::Visit;
use crate::http::pages::wording;
use crate::http::problem::Problem;
use crate::services::Error;

/// Where a page leads back to: its address and its words.
pub type Back = (String, String);

/// A page that is one form.
#[derive(Template)]
#[template(path = "manage/form_page.html")]
pub struct FormPage {
    /// What stands around it.
    pub frame: Frame,
    /// Its heading.
    pub title: String,
    /// Where it leads back to.
    pub back: Back,
    /// What it says before it asks, a sentence each.
    pub lead: Vec<String>,
    /// The form.
    pub form: Form,
}

impl FormPage {
    /// A page with that form.
    #[must_use]
    pub fn new<P>(app: &App, visit: &Visit<P>, title: &str, back: Back, form: Form) -> Self {
        let form = ready(app, visit, form);
        Self { frame: visit.frame(title), title: title.to_owned(), back, lead: Vec::new(), form }
    }

    /// Says something before it asks.
    #[must_use]
    pub fn says(mut self, sentence: impl Into<String>) -> Self {
        self.lead.push(wording::sentence(&sentence.into()));
        self
    }

    /// The page as it is, or as something to correct.
    pub fn answer(self) -> Answer {
        answer(self.form.faults.any(), self, |page| &mut page.frame)
    }
}

/// What a page says of what was sent before it: that it was done, or what is wrong with it.
pub struct Feedback {
    /// What was done, in words; empty when nothing was.
    pub done: &'static str,
    /// What was typed, to be corrected.
    pub typed: Fields,
    /// What is wrong with it.
    pub faults: Faults,
}

impl Feedback {
    /// It was done, or nothing was sent.
    #[must_use]
    pub fn done(done: &'static str) -> Self {
        Self { done, typed: Fields::default(), faults: Faults::default() }
    }

    /// It is to be corrected.
    #[must_use]
    pub fn wrong(typed: &Fields, faults: Faults) -> Self {
        Self { done: "", typed: typed.clone(), faults }
    }
}

/// A page that may hold something to correct says so in its title and its status.
pub fn answer<T: Template>(
    wrong: bool,
    mut page: T,
    frame: impl Fn(&mut T) -> &mut Frame,
) -> Answer {
    if !wrong {
        return ok(&page);
    }
    let frame = frame(&mut page);
    frame.title = format!("À corriger : {}", frame.title);
    with_status(Problem::from(Refused::invalid(Vec::new())).status_code(), &page)
}

/// The form with what protects it: a key of its own each time it is shown.
#[must_use]
pub fn ready<P>(app: &App, visit: &Visit<P>, form: Form) -> Form {
    let key = app.services.random.id(app.services.clock.now());
    Form { token: visit.frame("").token, key, ..form }
}

/// A page that asks before it does something.
#[derive(Template)]
#[template(path = "manage/confirm.html")]
pub struct ConfirmPage {
    /// What stands around it.
    pub frame: Frame,
    /// What will happen, a sentence each.
    pub sentences: Vec<String>,
    /// The form that does it.
    pub form: Form,
    /// Where to go instead.
    pub back: String,
}

impl ConfirmPage {
    /// A page that says what will happen and holds what was typed until the answer.
    #[must_use]
    pub fn new<P>(app: &App, visit: &Visit<P>, title: &str, form: Form, back: &str) -> Self {
        Self {
            frame: visit.frame(title),
            sentences: Vec::new(),
            form: ready(app, visit, form),
            back: back.to_owned(),
        }
    }

    /// Says what will happen.
    #[must_use]
    pub fn says(mut self, sentence: impl Into<String>) -> Self {
        self.sentences.push(wording::sentence(&sentence.into()));
        self
    }
}

/// Whether a person has seen what will happen and said yes.
#[must_use]
pub fn confirmed(typed: &Fields) -> bool {
    typed.text("confirmer") == "oui"
}

/// What was typed, as hidden fields of the page that asks.
#[must_use]
pub fn sent_along(names: &[&'static str], typed: &Fields) -> Vec<Field> {
    let along = names.iter().map(|name| Field::hidden(name, typed.text(name)));
    along.chain([Field::hidden("confirmer", "oui")]).collect()
}

/// What is wrong, when the form can be shown again.
///
/// # Errors
/// What no correction helps against.
pub fn to_correct(error: Error) -> Result<Faults, Problem> {
    match error {
        Error::Refused { refused, .. } if refused.code != Code::NotFound => {
            Ok(Faults::from(*refused))
        }
        error => Err(error.into()),
    }
}

/// On to a page that says what was done.
pub fn done(address: &str, what: &str) -> Answer {
    let sign = if address.contains('?') { '&' } else { '?' };
    Ok(see_other(&format!("{address}{sign}fait={what}")))
}

/// What the address says was just done, in words; empty when nothing was.
#[must_use]
pub fn just_done(asked: &Fields) -> &'static str {
    let what = asked.text("fait");
    DONE.iter().find(|(name, _)| *name == what).map_or("", |(_, sentence)| sentence)
}

const DONE: [(&str, &str); 47] = [
    ("validation-acceptee", "Validation acceptée. L’atelier est compté et sera payé."),
    ("validation-refusee", "Validation refusée. Le lieu voit votre réponse."),
    ("paiement", "Campagne créée. Déposez maintenant le fichier à la banque."),
    ("paiement-execution", "Exécution notée. Les relevés sont payés."),
    ("paiement-rejet", "Rejet noté. Le relevé est de nouveau à payer."),
    ("paiement-reponse", "Compte rendu lu. Ce qu’il dit est dans le tableau."),
    ("banque", "Coordonnées envoyées. Une autre personne doit les confirmer."),
    ("banque-confirmee", "Coordonnées confirmées. Les prochains virements y vont."),
    ("banque-refusee", "Coordonnées refusées."),
    ("publie", "Données publiées. Elles ne changeront plus."),
    ("condition", "Condition enregistrée."),
    ("fin-arret", "Remises arrêtées."),
    ("fin-etat", "État contradictoire établi. Faites-le approuver par chaque financeur."),
    ("fin-accord", "Accord noté."),
    ("fin-avoir", "Reversements notés."),
    ("clos", "Mois clos. Les relevés et les appels de fonds sont établis."),
    ("remboursement-note", "Remboursement noté. Ce relevé est soldé."),
    ("releves-valides", "Relevés validés. Ils partent au prochain paiement."),
    ("tirage", "Tirage prêt. Vous pouvez l’imprimer."),
    ("etape", "Étape notée."),
    ("compte", "Comptage noté."),
    ("recu", "Réception notée. Vous pouvez remettre ces pass."),
    ("en-tete", "En-tête enregistré. Il est sur les prochains pass imprimés."),
    ("dispositif", "Dispositif créé. Ajoutez maintenant ses conventions."),
    ("dispositif-modifie", "Dispositif modifié."),
    ("convention", "Convention ajoutée au plan de financement."),
    ("convention-modifiee", "Convention modifiée."),
    ("versement", "Versement enregistré."),
    ("reversement", "Reversement enregistré."),
    ("prescripteur", "Prescripteurs ajoutés."),
    ("lieux-acceptes", "Lieux ajoutés au dispositif."),
    ("organisme", "Organisme créé."),
    ("organisme-modifie", "Organisme modifié."),
    ("invite", "Invitation prête. Envoyez le lien à la personne."),
    ("arrete", "Compte arrêté. La personne ne peut plus se connecter."),
    ("rouvert", "Compte rouvert."),
    ("lieu", "Lieu créé. Donnez-lui une labellisation pour qu’il puisse valider."),
    ("lieu-modifie", "Description modifiée."),
    ("label", "Labellisation enregistrée."),
    ("suspension", "Suspension enregistrée."),
    ("levee", "Suspension levée. Le lieu peut valider dès aujourd’hui s’il a une labellisation."),
    ("retires", "Retrait enregistré. Ce que vous aviez coché n’est plus dans le dispositif."),
    ("gele", "Organisme gelé. Personne de cet organisme ne peut plus se connecter."),
    ("degele", "Organisme rouvert. Ses comptes et ses paiements reprennent."),
    ("import", "Fichier importé."),
    ("rien", "Rien à ajouter : aucun lieu n’a été choisi."),
    ("personne", "Rien à ajouter : aucun organisme n’a été choisi."),
];

/// An address with what is asked of it.
#[must_use]
pub fn address(path: &str, asked: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    for (name, value) in asked.iter().filter(|(_, value)| !value.is_empty()) {
        let Ok(value) = askama::filters::urlencode_strict(*value);
        let sign = if address.contains('?') { '&' } else { '?' };
        address = format!("{address}{sign}{name}={value}");
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::snapshot::reviewed;

    #[test]
    fn a_page_of_one_form_says_what_it_is_for_and_another_asks_first() {
        let form = || Form::new("/ici", "Enregistrer", vec![Field::line("name", "Nom")]);
        let (frame, lead) = (Frame::open("Titre"), vec!["Une phrase.".to_owned()]);
        let back = ("/gestion".to_owned(), "Gestion".to_owned());
        let title = "Modifier".to_owned();
        let page = FormPage { frame: frame.clone(), title, back, lead: lead.clone(), form: form() };
        reviewed("form-page", &page);
        let back = "/gestion".to_owned();
        reviewed("form-confirm", &ConfirmPage { frame, sentences: lead, form: form(), back });
    }

    #[test]
    fn an_address_keeps_what_was_asked() {
        let asked = [("q", "Été & co"), ("etat", ""), ("after", "1")];
        assert_eq!(
            address("/gestion/lieux", &asked),
            "/gestion/lieux?q=%C3%89t%C3%A9%20%26%20co&after=1"
        );
    }
}
