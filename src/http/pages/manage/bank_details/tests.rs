use super::*;
use crate::http::pages::snapshot::reviewed;

fn detail(state: BankDetailState, may_decide: bool) -> BankDetailView {
    BankDetailView {
        id: Uuid::from_u128(8),
        organisation_id: Uuid::from_u128(21),
        organisation_name: "Médiathèque".to_owned(),
        holder: "Médiathèque d’Angoulême".to_owned(),
        iban: "FR76 •••• 0189".to_owned(),
        state: state.as_str().to_owned(),
        proposed_at: "2026-03-10T09:00:00Z".to_owned(),
        proposed_by: "Camille".to_owned(),
        decided_at: None,
        decided_by: None,
        may_decide,
    }
}

fn page(current: Option<BankDetailView>, proposed: Option<BankDetailView>) -> BankDetailsPage {
    let decision = |button: &str| {
        let decides = proposed.as_ref().is_some_and(|detail| detail.may_decide);
        decides.then(|| Form::new("/ici", button, Vec::new()))
    };
    BankDetailsPage {
        frame: Frame::open("Coordonnées bancaires"),
        done: "",
        back: ("/equipe".to_owned(), "Équipe".to_owned()),
        current,
        confirm: decision("Confirmer"),
        refuse: decision("Refuser"),
        proposed,
        past: Vec::new(),
        form: form("/equipe/banque", &Fields::default()),
        faults: Faults::default(),
    }
}

#[test]
fn a_second_person_confirms_what_was_proposed() {
    reviewed("bank-details-none", &page(None, None));
    let proposed = detail(BankDetailState::Proposed, true);
    let confirmed = detail(BankDetailState::Confirmed, false);
    reviewed("bank-details-to-confirm", &page(Some(confirmed), Some(proposed)));
    let mine = detail(BankDetailState::Proposed, false);
    reviewed("bank-details-waits", &page(None, Some(mine)));
}
