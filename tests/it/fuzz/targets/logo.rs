//! A logo for the head of letters.

use pass_numerique::documents::DocumentError;
use pass_numerique::documents::letterhead::{LogoFault, logo as kept};

pub fn logo(bytes: &[u8]) {
    let png = match kept(bytes) {
        Ok(png) => png,
        Err(DocumentError::Logo(fault)) => return assert!(fault.sentence().ends_with('.')),
        Err(error) => panic!("{error}"),
    };
    // What is kept is a logo itself, unless its pixels press badly.
    match kept(&png) {
        Ok(again) => assert_eq!(again, png),
        Err(error) => assert!(matches!(error, DocumentError::Logo(LogoFault::Heavy)), "{error}"),
    }
}
