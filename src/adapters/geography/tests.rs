use super::*;

fn codes(communes: &[&Commune]) -> Vec<&'static str> {
    communes.iter().map(|commune| commune.code).collect()
}

#[test]
fn every_line_of_the_file_is_a_commune() {
    assert_eq!(INDEX.communes.len(), 35_014);
    let angouleme = commune("16015").unwrap();
    assert_eq!(
        (angouleme.name, angouleme.departement, angouleme.region),
        ("Angoulême", "16", "75")
    );
    assert_eq!(commune("2A004").unwrap().postal_codes().count(), 3);
    assert!(commune("97411").is_some() && commune("99999").is_none());
    assert!(departement_exists("2A") && departement_exists("974") && !departement_exists("20"));
}

#[test]
fn a_district_belongs_to_its_city() {
    assert_eq!(codes(&by_postal_code("75011")), ["75056", "75111"]);
    assert_eq!(commune("75111").unwrap().whole_city().code, "75056");
    assert_eq!(commune("69123").unwrap().whole_city().code, "69123");
}

#[test]
fn search_knows_how_people_type() {
    let first = |typed| search(typed, 1).first().map(|commune| commune.code);
    for typed in ["angouleme", "ANGOUL", "Angoulême", "16015"] {
        assert_eq!(first(typed), Some("16015"), "{typed}");
    }
    assert_eq!(first("rochelle"), Some("17300"));
    assert_eq!(first("st-etienne"), first("Saint Étienne"));
    assert!(search("st", 100).iter().any(|commune| commune.name == "Strasbourg"));
    assert_eq!(first("2a004"), Some("2A004"));
    assert_eq!(
        (search("1", 9).len(), search("saint", 9).len(), first("œting")),
        (0, 9, Some("57521"))
    );
}

#[test]
fn files_name_communes_in_many_ways() {
    for (name, postal_code, code) in [
        ("ANGOULEME CEDEX", "16022", "16015"),
        ("BARBEZIEUX ST HILAIRE", "16300", "16028"),
        ("MANSLE", "16230", "16206"),
        ("SEGONZAC", "16120", "16366"),
        ("Paris", "75011", "75056"),
        ("Paris 11", "75011", "75111"),
        ("AJACCIO CEDEX 1", "20303", "2A004"),
        ("SAINT DENIS CEDEX", "97490", "97411"),
    ] {
        assert_eq!(resolve(name, postal_code).map(|c| c.code), Some(code), "{name} {postal_code}");
    }
    assert_eq!(resolve("Ailleurs", "16300"), None);
    assert_eq!(resolve("", ""), None);
}
