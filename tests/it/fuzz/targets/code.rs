//! A typed code, what a QR holds, and the serial number of a stub.

use pass_numerique::domain::code::{Code, CodeSlip, Serial};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

pub fn code(bytes: &[u8]) {
    reads(&String::from_utf8_lossy(bytes));
    let Some((random, rest)) = bytes.split_first_chunk::<9>() else { return };
    let printed = Code::from_bytes(*random);
    reads_back(&printed);
    if let Some((slips, _)) = rest.split_first_chunk::<4>() {
        refuses_slips(&printed, *slips);
    }
    if let Some((random, _)) = bytes.split_first_chunk::<7>() {
        let serial = Serial::from_bytes(*random);
        assert_eq!(Serial::read(serial.as_str()), Some(serial.clone()));
        assert_eq!(Code::read(serial.as_str()), Err(CodeSlip::Serial));
    }
}

/// Any text is a code, a serial number, or neither; never two of them.
fn reads(text: &str) {
    let serial = Serial::read(text);
    match Code::read(text) {
        Ok(code) => {
            reads_back(&code);
            assert_eq!(serial, None, "{text:?} is a code as well");
        }
        Err(slip) => assert!(serial.is_none() || slip == CodeSlip::Serial, "{text:?} {slip:?}"),
    }
}

/// However it is printed, it reads back to itself.
fn reads_back(code: &Code) {
    assert_eq!(code.as_str().len(), 16);
    assert!(code.as_str().bytes().all(|symbol| ALPHABET.contains(&symbol)));
    let qr = format!("HTTPS://PASS.EXEMPLE.FR/P/{}", code.as_str());
    for text in [code.as_str().to_owned(), code.grouped(), code.grouped().to_lowercase(), qr] {
        assert_eq!(Code::read(&text).as_ref(), Ok(code), "{text}");
    }
}

/// One or two wrong symbols, and two that changed places, are never another code.
fn refuses_slips(code: &Code, [one, first, two, second]: [u8; 4]) {
    let [one, two] = [one, two].map(|place| usize::from(place) % 16);
    let right = code.as_str().as_bytes();
    let mut wrong = right.to_vec();
    wrong[one] = ALPHABET[usize::from(first) % 32];
    wrong[two] = ALPHABET[usize::from(second) % 32];
    let mut swapped = right.to_vec();
    swapped.swap(one, two);
    for slip in [wrong, swapped] {
        let text = String::from_utf8(slip).unwrap();
        let same = text == code.as_str();
        assert_eq!(Code::read(&text).is_ok(), same, "{text} for {}", code.as_str());
    }
}
