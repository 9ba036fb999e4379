//! The QR code of a pass: version 3 (29 × 29 modules) at level Q, alphanumeric mode only.
//!
//! One size for all, so that 30 mm on paper is always one millimetre a module: at half of that
//! cheap phones begin to fail.

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

use super::DocumentError;

/// How many modules a side has, margin not counted.
pub const MODULES: usize = 29;

/// How many characters fit.
pub const LONGEST: usize = 47;

const VERSION: Version = Version::Normal(3);
const LEVEL: EcLevel = EcLevel::Q;
const QUIET: usize = 4;
const SIDE: usize = MODULES + 2 * QUIET;
const PIXELS_A_MODULE: usize = 12;

/// The QR code as a drawing that scales, with its margin and a French title.
///
/// # Errors
/// [`DocumentError::QrTooLong`] or [`DocumentError::QrAlphabet`] when the content has no such code.
pub fn svg(content: &str) -> Result<String, DocumentError> {
    let dark = path(&modules(content)?);
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {SIDE} {SIDE}\" role=\"img\" \
         shape-rendering=\"crispEdges\"><title>QR code du pass numérique</title>\
         <path fill=\"#fff\" d=\"M0 0h{SIDE}v{SIDE}H0z\"/><path fill=\"#000\" d=\"{dark}\"/></svg>"
    ))
}

/// The same code without words or roles: the letter gives it its own description.
///
/// # Errors
/// As [`svg`].
pub fn letter_svg(content: &str) -> Result<String, DocumentError> {
    let dark = path(&modules(content)?);
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {SIDE} {SIDE}\">\
         <path d=\"{dark}\"/></svg>"
    ))
}

/// The QR code as a greyscale PNG, 12 pixels a module, with its margin.
///
/// # Errors
/// As [`svg`], or [`DocumentError::Picture`] when the encoder fails.
pub fn png(content: &str) -> Result<Vec<u8>, DocumentError> {
    let modules = modules(content)?;
    let mut pixels = Vec::with_capacity((SIDE * PIXELS_A_MODULE).pow(2));
    for y in 0..SIDE {
        let row: Vec<u8> = (0..SIDE)
            .flat_map(|x| [if is_dark(&modules, x, y) { 0 } else { 255 }; PIXELS_A_MODULE])
            .collect();
        for _ in 0..PIXELS_A_MODULE {
            pixels.extend_from_slice(&row);
        }
    }
    let side = u32::try_from(SIDE * PIXELS_A_MODULE).unwrap_or(u32::MAX);
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes)
        .write_image(&pixels, side, side, ExtendedColorType::L8)
        .map_err(DocumentError::Picture)?;
    Ok(bytes)
}

fn modules(content: &str) -> Result<Vec<Color>, DocumentError> {
    let allowed = |b: u8| {
        b.is_ascii_digit()
            || b.is_ascii_uppercase()
            || matches!(b, b' ' | b'$' | b'%' | b'*'..=b'+' | b'-'..=b'/' | b':')
    };
    if !content.bytes().all(allowed) {
        return Err(DocumentError::QrAlphabet);
    }
    let too_long = |_| DocumentError::QrTooLong { length: content.len() };
    let mut bits = Bits::new(VERSION);
    bits.push_alphanumeric_data(content.as_bytes()).map_err(too_long)?;
    bits.push_terminator(LEVEL).map_err(too_long)?;
    Ok(QrCode::with_bits(bits, LEVEL).map_err(too_long)?.into_colors())
}

/// Whether the module at this place, margin counted, is dark.
fn is_dark(modules: &[Color], x: usize, y: usize) -> bool {
    let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < MODULES);
    match (inside(x), inside(y)) {
        (Some(x), Some(y)) => modules.get(y * MODULES + x) == Some(&Color::Dark),
        _ => false,
    }
}

/// One rectangle for each run of dark modules in a row.
fn path(modules: &[Color]) -> String {
    let mut runs = Vec::new();
    for y in 0..SIDE {
        let mut run = 0;
        for x in 0..SIDE {
            if is_dark(modules, x, y) {
                run += 1;
            } else if run > 0 {
                runs.push(format!("M{} {y}h{run}v1h-{run}z", x - run));
                run = 0;
            }
        }
    }
    runs.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTENT: &str = "HTTPS://PASS.CHARENTE.FR/P/K7QM3XWD09RTHZ8V";

    #[test]
    fn the_code_has_29_modules_and_a_white_margin() {
        let modules = modules(CONTENT).unwrap();
        assert_eq!(modules.len(), MODULES * MODULES);
        assert!(is_dark(&modules, QUIET, QUIET));
        assert!((0..SIDE).all(|at| !is_dark(&modules, at, QUIET - 1)));
    }

    #[test]
    fn what_fits_is_47_characters() {
        assert!(svg(&"A".repeat(LONGEST)).is_ok());
        assert!(matches!(
            svg(&"A".repeat(LONGEST + 1)),
            Err(DocumentError::QrTooLong { length: 48 })
        ));
        assert!(matches!(svg("https://a.fr"), Err(DocumentError::QrAlphabet)));
    }

    #[test]
    fn both_pictures_are_the_same_each_time() {
        assert_eq!(png(CONTENT).unwrap(), png(CONTENT).unwrap());
        let svg = svg(CONTENT).unwrap();
        assert!(svg.contains("role=\"img\"") && svg.contains("<title>QR code"));
    }
}
