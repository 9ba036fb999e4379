//! The operator's pages in every state worth seeing.

use std::path::Path;

use serde_json::json;

use crate::browser::Browser;
use crate::states::{State, Who};

pub fn operator_states() -> Vec<State> {
    let mut all = programmes();
    all.extend(organisations());
    all.extend(venues());
    all.extend(stock());
    all.extend(money());
    all.extend(payments());
    all
}

/// Sends the form of a page as it stands, past what the browser itself would ask for.
fn sends_as_it_stands(page: &Browser) {
    let press = "const button = document.querySelector('main form[method=post] button');
        button.form.noValidate = true;
        button.click();";
    page.runs(press, json!([]));
}

fn programmes() -> Vec<State> {
    use Who::Operator;
    vec![
        State::new("/gestion", Operator, "Gestion", |page, _| {
            page.opens("/gestion");
        }),
        State::new("/gestion/dispositifs", Operator, "Pass numérique Charente", |page, _| {
            page.opens("/gestion/dispositifs");
        }),
        State::new("/gestion/dispositifs/nouveau", Operator, "Créer un dispositif", |page, _| {
            page.opens("/gestion/dispositifs/nouveau");
        }),
        State::new("/gestion/dispositifs/nouveau", Operator, "À corriger", |page, _| {
            page.opens("/gestion/dispositifs/nouveau");
            sends_as_it_stands(page);
        }),
        State::new("/gestion/dispositifs/{id}", Operator, "Financeur 1", |page, town| {
            page.opens(&format!("/gestion/dispositifs/{}", town.scene.programme));
        }),
        State::new(
            "/gestion/dispositifs/{id}/modifier",
            Operator,
            "Modifier le dispositif",
            |page, town| {
                page.opens(&format!("/gestion/dispositifs/{}/modifier", town.scene.programme));
            },
        ),
        State::new(
            "/gestion/dispositifs/{id}/prescripteurs",
            Operator,
            "Prescripteurs",
            |page, town| {
                page.opens(&format!("/gestion/dispositifs/{}/prescripteurs", town.scene.programme));
            },
        ),
        State::new(
            "/gestion/dispositifs/{id}/lieux",
            Operator,
            "Médiathèque du centre",
            |page, town| {
                page.opens(&format!("/gestion/dispositifs/{}/lieux", town.scene.programme));
            },
        ),
        State::new(
            "/gestion/dispositifs/{id}/conventions/nouvelle",
            Operator,
            "À corriger",
            |page, town| {
                let programme = &town.scene.programme;
                page.opens(&format!("/gestion/dispositifs/{programme}/conventions/nouvelle"));
                sends_as_it_stands(page);
            },
        ),
        State::new("/gestion/conventions/{id}", Operator, "Convention de", |page, town| {
            page.opens(&format!("/gestion/conventions/{}", town.scene.agreements[0]));
        }),
        State::new("/gestion/conventions/{id}", Operator, "À corriger", |page, town| {
            page.opens(&format!("/gestion/conventions/{}", town.scene.agreements[0]));
            sends_as_it_stands(page);
        }),
    ]
}

fn organisations() -> Vec<State> {
    use Who::Operator;
    vec![
        State::new("/gestion/organismes", Operator, "CCAS", |page, _| {
            page.opens("/gestion/organismes");
        }),
        State::new("/gestion/organismes/nouveau", Operator, "Créer un organisme", |page, _| {
            page.opens("/gestion/organismes/nouveau");
        }),
        State::new("/gestion/organismes/nouveau", Operator, "À corriger", |page, _| {
            page.opens("/gestion/organismes/nouveau");
            sends_as_it_stands(page);
        }),
        State::new("/gestion/organismes/{id}", Operator, "CCAS", |page, town| {
            page.opens(&format!("/gestion/organismes/{}", town.scene.worker.organisation));
        }),
        State::new(
            "/gestion/organismes/{id}/modifier",
            Operator,
            "Modifier l’organisme",
            |page, town| {
                let organisation = &town.scene.worker.organisation;
                page.opens(&format!("/gestion/organismes/{organisation}/modifier"));
            },
        ),
        State::new(
            "/gestion/organismes/{id}/inviter",
            Operator,
            "Inviter une personne",
            |page, town| {
                let organisation = &town.scene.worker.organisation;
                page.opens(&format!("/gestion/organismes/{organisation}/inviter"));
            },
        ),
        State::new("/equipe", Operator, "Mon équipe", |page, _| {
            page.opens("/equipe");
        }),
        State::new("/equipe/inviter", Operator, "Inviter une personne", |page, _| {
            page.opens("/equipe/inviter");
        }),
        State::new("/equipe/inviter", Operator, "À corriger", |page, _| {
            page.opens("/equipe/inviter");
            sends_as_it_stands(page);
        }),
    ]
}

fn venues() -> Vec<State> {
    use Who::Operator;
    vec![
        State::new("/gestion/lieux", Operator, "Médiathèque du centre", |page, _| {
            page.opens("/gestion/lieux");
        }),
        State::new("/gestion/lieux/nouveau", Operator, "Créer un lieu", |page, _| {
            page.opens("/gestion/lieux/nouveau");
        }),
        State::new("/gestion/lieux/nouveau", Operator, "À corriger", |page, _| {
            page.opens("/gestion/lieux/nouveau");
            sends_as_it_stands(page);
        }),
        State::new("/gestion/lieux/importer", Operator, "Importer des lieux", |page, _| {
            page.opens("/gestion/lieux/importer");
        }),
        State::new("/gestion/lieux/importer", Operator, "Fichier importé", |page, _| {
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            page.opens("/gestion/lieux/importer");
            page.hands_in("Fichier", &root.join("data/lieux-exemple-valide.csv"));
            page.ticks("Montrer seulement ce qui serait fait, sans rien importer");
            page.presses("Envoyer le fichier");
        }),
        State::new("/gestion/lieux/{id}", Operator, "Médiathèque du centre", |page, town| {
            page.opens(&format!("/gestion/lieux/{}", town.scene.venue));
        }),
        State::new("/gestion/lieux/{id}", Operator, "À corriger", |page, town| {
            page.opens(&format!("/gestion/lieux/{}", town.scene.venue));
            sends_as_it_stands(page);
        }),
        State::new("/gestion/lieux/{id}/modifier", Operator, "Modifier le lieu", |page, town| {
            page.opens(&format!("/gestion/lieux/{}/modifier", town.scene.venue));
        }),
    ]
}

/// Fills the form of a step in and sends it.
const REPORTS_THE_FIRST_BOX_STOLEN: &str = "
    const form = document.querySelector('form[action$=etapes]');
    form.elements.etape.value = 'vol';
    form.querySelector('[name=boxes]').checked = true;
    form.elements.note.value = 'Plainte 2026/114';
    form.querySelector('button').click();";

fn stock() -> Vec<State> {
    use Who::Operator;
    vec![
        State::new("/gestion/validations", Operator, "Validations à examiner", |page, _| {
            page.opens("/gestion/validations");
        }),
        State::new("/gestion/tirages", Operator, "pass pour CCAS", |page, _| {
            page.opens("/gestion/tirages");
        }),
        State::new("/gestion/tirages/nouveau", Operator, "De quel dispositif", |page, _| {
            page.opens("/gestion/tirages/nouveau");
        }),
        State::new("/gestion/tirages/nouveau", Operator, "Pour quel prescripteur", |page, town| {
            let programme = &town.scene.programme;
            page.opens(&format!("/gestion/tirages/nouveau?dispositif={programme}"));
        }),
        State::new("/gestion/tirages/nouveau", Operator, "À corriger", |page, town| {
            let programme = &town.scene.programme;
            page.opens(&format!("/gestion/tirages/nouveau?dispositif={programme}"));
            sends_as_it_stands(page);
        }),
        State::new("/gestion/tirages/{id}", Operator, "Noter une étape", |page, town| {
            page.opens(&format!("/gestion/tirages/{}", town.run));
        }),
        State::new("/gestion/tirages/{id}", Operator, "À corriger", |page, town| {
            page.opens(&format!("/gestion/tirages/{}", town.run));
            page.presses("Enregistrer");
        }),
        State::new(
            "/gestion/tirages/{id}",
            Operator,
            "Déclarer ces cartons volés",
            |page, town| {
                page.opens(&format!("/gestion/tirages/{}", town.run));
                page.runs(REPORTS_THE_FIRST_BOX_STOLEN, json!([]));
            },
        ),
        State::new(
            "/gestion/organismes/{id}/en-tete",
            Operator,
            "En-tête des pass",
            |page, town| {
                let worker = &town.scene.worker.organisation;
                page.opens(&format!("/gestion/organismes/{worker}/en-tete"));
            },
        ),
        State::new("/equipe/en-tete", Operator, "En-tête des pass", |page, _| {
            page.opens("/equipe/en-tete");
        }),
    ]
}

fn payments() -> Vec<State> {
    use Who::{Auditor, Operator};
    vec![
        State::new("/journal", Operator, "Accès, les derniers", |page, _| {
            page.opens("/journal");
        }),
        State::new("/journal", Auditor, "Aucun accès ne correspond", |page, _| {
            page.opens("/journal?du=01/01/2020&au=02/01/2020&acces=sign_in");
        }),
        State::new("/paiements", Operator, "Paiements", |page, _| {
            page.opens("/paiements");
        }),
        State::new("/paiements", Auditor, "Paiements", |page, _| {
            page.opens("/paiements");
        }),
        State::new("/paiements/{id}", Operator, "Campagne", |page, town| {
            page.opens(&format!("/paiements/{}", town.payment_run));
        }),
        State::new("/paiements/{id}", Operator, "À corriger", |page, town| {
            page.opens(&format!("/paiements/{}", town.payment_run));
            sends_as_it_stands(page);
        }),
        State::new("/paiements/{id}", Auditor, "Campagne", |page, town| {
            page.opens(&format!("/paiements/{}", town.payment_run));
        }),
        State::new(
            "/gestion/organismes/{id}/banque",
            Operator,
            "En attente de confirmation",
            |page, town| {
                page.opens(&format!(
                    "/gestion/organismes/{}/banque",
                    town.scene.staff.organisation
                ));
            },
        ),
        State::new("/gestion/organismes/{id}/banque", Operator, "À corriger", |page, town| {
            let worker = &town.scene.worker.organisation;
            page.opens(&format!("/gestion/organismes/{worker}/banque"));
            sends_as_it_stands(page);
        }),
        State::new("/equipe/banque", Operator, "Coordonnées bancaires", |page, _| {
            page.opens("/equipe/banque");
        }),
    ]
}

fn money() -> Vec<State> {
    use Who::{Auditor, Funder, Operator, Staff};
    vec![
        State::new("/mois", Operator, "Mois comptables", |page, _| {
            page.opens("/mois");
        }),
        State::new("/mois", Operator, "Clôturer jusqu’à", |page, _| {
            page.opens("/mois");
            sends_as_it_stands(page);
        }),
        State::new("/mois", Auditor, "Mois clos", |page, _| {
            page.opens("/mois");
        }),
        State::new("/gestion/donnees-ouvertes", Operator, "Publier des données", |page, _| {
            page.opens("/gestion/donnees-ouvertes");
        }),
        State::new("/gestion/donnees-ouvertes", Operator, "Publier mars 2026", |page, _| {
            page.opens("/gestion/donnees-ouvertes?from=2026-03&to=2026-03");
        }),
        State::new("/gestion/donnees-ouvertes", Operator, "À corriger", |page, _| {
            page.opens("/gestion/donnees-ouvertes?from=2026-02&to=2026-03");
        }),
        State::new("/releves", Operator, "À valider", |page, _| {
            page.opens("/releves");
        }),
        State::new("/releves", Operator, "Cochez les relevés", |page, _| {
            page.opens("/releves");
            sends_as_it_stands(page);
        }),
        State::new("/releves/{id}", Operator, "Ligne par ligne", |page, town| {
            page.opens(&format!("/releves/{}", town.statement));
        }),
        State::new("/appels", Operator, "Appels de fonds", |page, _| {
            page.opens("/appels");
        }),
        State::new("/appels/{id}", Operator, "Par convention", |page, town| {
            page.opens(&format!("/appels/{}", town.funding_call));
        }),
        State::new("/solvabilite", Operator, "Solvabilité", |page, _| {
            page.opens("/solvabilite");
        }),
        State::new("/fin/{id}", Operator, "Calendrier", |page, town| {
            page.opens(&format!("/fin/{}", town.scene.programme));
        }),
        State::new("/conventions/{id}", Operator, "Compte rendu", |page, town| {
            page.opens(&format!("/conventions/{}", town.scene.agreements[0]));
        }),
        State::new("/conventions/{id}", Funder, "Compte rendu", |page, town| {
            page.opens(&format!("/conventions/{}", town.scene.agreements[0]));
        }),
        State::new("/releves", Staff, "Relevés", |page, _| {
            page.opens("/releves");
        }),
        State::new("/appels", Funder, "Appels de fonds", |page, _| {
            page.opens("/appels");
        }),
    ]
}
