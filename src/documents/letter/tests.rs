use super::*;
use crate::domain::paper::Language;

/// A person, five venues, three funders: what a letter usually says.
pub(in crate::documents) fn usual_facts() -> LetterFacts {
    let venue = |name: &str, address: &str, phone: Option<&str>| NearVenue {
        name: name.to_owned(),
        address: address.to_owned(),
        commune: "Angoulême".to_owned(),
        phone: phone.map(str::to_owned),
    };
    LetterFacts {
        code_grouped: "K7QM-3XWD-09RT-HZ8V".to_owned(),
        qr: "HTTPS://PASS.CHARENTE.FR/P/K7QM3XWD09RTHZ8V".to_owned(),
        serial: "9G4N-K0N4-KPKY".to_owned(),
        units: 10,
        used: 0,
        last_day: NaiveDate::from_ymd_opt(2027, 6, 30).unwrap(),
        programme: "Pass numérique de la Charente 2026".to_owned(),
        beneficiary: Some("Олена Шевченко".to_owned()),
        funders: vec!["CAF de la Charente".to_owned(), "Ville d’Angoulême".to_owned()],
        venues: vec![
            venue("Médiathèque L’Alpha", "1 rue Coulomb", Some("05 45 94 56 00")),
            venue("France Services", "Place Auguste-Rouyer", Some("05 45 65 00 12")),
            venue("Les Clics du Quartier", "12 rue de Basseau", None),
            venue("Centre social", "57 allée du Champ-Brun", Some("05 45 25 22 10")),
            venue("Bibliothèque de Soyaux", "235 avenue de Gaulle", Some("05 45 97 83 60")),
        ],
        training: false,
        prescriber: "CCAS d’Angoulême".to_owned(),
        letterhead: None,
    }
}

/// As much of everything as a sheet may have to hold.
pub(in crate::documents) fn longest_facts() -> LetterFacts {
    let wide = "#panic() *Ümit* \\ Юля 🙂 ".to_owned() + &"WWWWWWWWW ".repeat(30);
    let venue = NearVenue {
        name: wide.clone(),
        address: wide.clone(),
        commune: "W".repeat(200),
        phone: Some(wide.clone()),
    };
    let square = image::RgbaImage::from_pixel(40, 40, image::Rgba([20, 90, 60, 255]));
    let mut png = std::io::Cursor::new(Vec::new());
    square.write_to(&mut png, image::ImageFormat::Png).unwrap();
    LetterFacts {
        code_grouped: "WWWW-WWWW-WWWW-WWWW".to_owned(),
        qr: format!("HTTPS://PASS.CHARENTE.FR/P/{}", "W".repeat(16)),
        serial: "WWWW-WWWW-WWWW".to_owned(),
        units: 10,
        used: 3,
        last_day: NaiveDate::from_ymd_opt(2026, 9, 1).unwrap(),
        programme: wide.clone(),
        beneficiary: Some(wide.clone()),
        funders: vec![wide.clone(); 9],
        venues: vec![venue; 7],
        training: true,
        prescriber: wide.clone(),
        letterhead: Some(Letterhead {
            logo_png: Some(logo(png.get_ref()).unwrap()),
            lines: vec![wide; 3],
        }),
    }
}

/// Every way a sheet may be set.
pub(in crate::documents) fn styles() -> Vec<Style> {
    let languages = || std::iter::once(None).chain(Language::ALL.into_iter().map(Some));
    [(Layout::Letter, false), (Layout::Letter, true), (Layout::Card, false)]
        .into_iter()
        .flat_map(|(layout, large_print)| {
            languages().map(move |language| Style { layout, large_print, language })
        })
        .collect()
}

/// The page tree comes first in the file, uncompressed.
pub(in crate::documents) fn pages(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    text.split("/Count ")
        .nth(1)
        .and_then(|rest| rest.split(['/', '\n', '>']).next())
        .and_then(|count| count.trim().parse().ok())
        .unwrap_or_default()
}

#[test]
fn the_longest_facts_fit_in_every_style() {
    for style in styles() {
        let made = pdf(&longest_facts(), style).unwrap();
        assert!(made.starts_with(b"%PDF-"));
        let most = if style.large_print { 2 } else { 1 };
        assert!((1..=most).contains(&pages(&made)), "{style:?}: {} pages", pages(&made));
    }
}

#[test]
fn what_a_letter_usually_says_takes_one_page_in_large_print_too() {
    for style in styles().into_iter().filter(|style| style.language.is_none()) {
        assert_eq!(pages(&pdf(&usual_facts(), style).unwrap()), 1, "{style:?}");
    }
}

#[test]
fn the_same_facts_give_the_same_bytes() {
    for style in styles() {
        assert!(pdf(&usual_facts(), style).unwrap() == pdf(&usual_facts(), style).unwrap());
    }
}

#[test]
fn a_host_that_is_too_long_is_refused() {
    let facts = LetterFacts { qr: "A".repeat(48), ..longest_facts() };
    assert!(matches!(
        pdf(&facts, Style { layout: Layout::Card, ..Style::default() }),
        Err(DocumentError::QrTooLong { .. })
    ));
}
