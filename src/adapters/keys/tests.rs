use super::*;

#[test]
fn passes_of_before_are_known_by_the_name_they_were_given_with() {
    let (lookup, fingerprints) = ([1; 32], [2; 32]);
    let none = BTreeMap::new;
    let keys = Keys { codes: none(), lookup, fingerprints, tokens: none(), seals: none() };
    let programme_key = mac(&fingerprints, &[b"programme", b"salt"]);
    let born = "1961-05-17".parse().unwrap();
    for (spelt_then, typed) in
        [("lecœur", "Lecœur"), ("lecœur", "LECOEUR"), ("lecoeur", "Lecœur"), ("łos", "Łoś")]
    {
        let parts: [&[u8]; 3] = [b"awa", spelt_then.as_bytes(), b"1961-05-17"];
        let then = mac(&programme_key, &parts).to_vec();
        let person = keys.fingerprint(b"salt", ("Awa", typed), born);
        assert!(person.any().contains(&then), "{spelt_then} {typed}");
    }
}
