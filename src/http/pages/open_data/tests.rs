use super::super::snapshot::reviewed;
use super::*;
use crate::services::subventions::LeftOut;
use uuid::Uuid;

fn vintage() -> VintageView {
    let file = |name: &str, bytes| OpenDataFile {
        name: name.to_owned(),
        path: format!("/open-data/2026-1/{name}"),
        bytes,
        sha256: "c0ffee".to_owned(),
    };
    VintageView {
        name: "2026-1".to_owned(),
        from: "2026-01".to_owned(),
        to: "2026-03".to_owned(),
        published_at: "2026-04-02T08:00:00Z".to_owned(),
        numbers: 340,
        hidden: 41,
        files: vec![file("consommation.csv", 12_345), file("subventions.csv", 900)],
    }
}

#[test]
fn anybody_reads_what_is_published_and_how_much_of_it_is_hidden() {
    let page = |done, data| OpenDataPage {
        frame: Frame::open("Données ouvertes"),
        done,
        found: OpenData { licence: "Licence Ouverte 2.0".to_owned(), data },
    };
    reviewed("open-data-none", &page("", Vec::new()));
    reviewed("open-data", &page("Données publiées.", vec![vintage()]));
}

#[test]
fn before_publishing_the_operator_sees_what_would_be_hidden() {
    let page = |preview: Option<Preview>| PreparePage {
        frame: Frame::open("Publier des données ouvertes"),
        months: vec!["2026-01".to_owned(), "2026-02".to_owned()],
        from: "2026-01".to_owned(),
        to: "2026-02".to_owned(),
        publish: preview.as_ref().map(|_| Form::new(PREPARE, "Publier", Vec::new())),
        preview,
        faults: Faults::default(),
    };
    reviewed("open-data-choose", &page(None));
    let left_out = LeftOut {
        agreement_id: Uuid::from_u128(1),
        funder_name: "Ville".to_owned(),
        programme_name: "Charente 2026".to_owned(),
        reasons: vec!["Le financeur n'a pas de SIRET.".to_owned()],
    };
    let preview = Preview {
        from: "2026-01".to_owned(),
        to: "2026-02".to_owned(),
        numbers: 340,
        hidden_sensitive: 30,
        hidden_protecting: 11,
        workshops: 1_000,
        workshops_shown: 870,
        subventions: 3,
        left_out: vec![left_out],
    };
    reviewed("open-data-prepare", &page(Some(preview)));
}
