//! What an organisation puts at the head of its letters: a logo and two lines of its own.

use std::io::Cursor;
use std::panic::catch_unwind;

use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::{ImageFormat, ImageReader, Limits};
use serde_json::{Value, json};

use super::DocumentError;
use super::typesetter::printable;

const MOST_BYTES: usize = 1_000_000;
const MOST_PIXELS_A_SIDE: u32 = 4_000;
/// Printed 48 mm wide at most, so this is more than 400 dots an inch.
const KEPT_PIXELS_A_SIDE: u32 = 800;
const LONGEST_LINE: usize = 90;

/// The head of a letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letterhead {
    /// The logo as [`logo`] made it.
    pub logo_png: Option<Vec<u8>>,
    /// At most two lines are printed.
    pub lines: Vec<String>,
}

/// Why a picture cannot be a logo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoFault {
    /// More than a megabyte.
    Heavy,
    /// More than 4,000 pixels a side.
    Large,
    /// Neither a PNG nor a JPEG, or a damaged one.
    Unreadable,
}

impl LogoFault {
    /// One French sentence: what is wrong and what to do.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Heavy => "Ce logo pèse plus de 1 Mo : envoyez une image plus légère.",
            Self::Large => {
                "Ce logo a plus de 4 000 points de côté : envoyez une image plus petite."
            }
            Self::Unreadable => {
                "Ce logo n'est pas une image lisible : envoyez une image PNG ou JPEG."
            }
        }
    }
}

/// Makes a logo that is sure to print from what somebody sent: a small PNG.
///
/// # Errors
/// [`DocumentError::Logo`] says what is wrong with the picture, [`DocumentError::Picture`] that it
/// could not be written.
pub fn logo(bytes: &[u8]) -> Result<Vec<u8>, DocumentError> {
    // What a decoder trips over is a picture that cannot be read.
    catch_unwind(|| smaller(bytes)).unwrap_or(Err(DocumentError::Logo(LogoFault::Unreadable)))
}

fn smaller(bytes: &[u8]) -> Result<Vec<u8>, DocumentError> {
    if bytes.len() > MOST_BYTES {
        return Err(DocumentError::Logo(LogoFault::Heavy));
    }
    let unreadable = |_| DocumentError::Logo(LogoFault::Unreadable);
    let reader = || {
        ImageReader::new(Cursor::new(bytes))
            .with_guessed_format()
            .map_err(|_| DocumentError::Logo(LogoFault::Unreadable))
    };
    let (width, height) = reader()?.into_dimensions().map_err(unreadable)?;
    if width.max(height) > MOST_PIXELS_A_SIDE {
        return Err(DocumentError::Logo(LogoFault::Large));
    }
    let mut reader = reader()?;
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg)) {
        return Err(DocumentError::Logo(LogoFault::Unreadable));
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_PIXELS_A_SIDE);
    limits.max_image_height = Some(MOST_PIXELS_A_SIDE);
    reader.limits(limits);
    let mut picture = reader.decode().map_err(unreadable)?;
    if width.max(height) > KEPT_PIXELS_A_SIDE {
        picture = picture.resize(KEPT_PIXELS_A_SIDE, KEPT_PIXELS_A_SIDE, FilterType::Triangle);
    }
    let mut png = Vec::new();
    picture
        .to_rgba8()
        .write_with_encoder(PngEncoder::new(&mut png))
        .map_err(DocumentError::Picture)?;
    Ok(png)
}

impl Letterhead {
    /// The head as the templates read it; nothing when there is nothing to print.
    pub(super) fn printed(&self) -> Option<Value> {
        let lines = self.lines.iter().map(|line| printable(line, LONGEST_LINE));
        let lines: Vec<String> = lines.filter(|line| !line.is_empty()).take(2).collect();
        let size = self.logo_png.as_deref().and_then(size);
        let logo = size.map(|(width, height)| json!({ "width": width, "height": height }));
        (logo.is_some() || !lines.is_empty()).then(|| json!({ "logo": logo, "lines": lines }))
    }
}

fn size(png: &[u8]) -> Option<(u32, u32)> {
    ImageReader::with_format(Cursor::new(png), ImageFormat::Png).into_dimensions().ok()
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, Rgb, RgbImage};

    use super::*;

    fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let picture = RgbImage::from_pixel(width, height, Rgb([20, 90, 60]));
        let mut bytes = Cursor::new(Vec::new());
        DynamicImage::ImageRgb8(picture).write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_logo_becomes_a_small_png() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            assert_eq!(size(&logo(&encoded(1600, 400, format)).unwrap()), Some((800, 200)));
            assert_eq!(size(&logo(&encoded(60, 90, format)).unwrap()), Some((60, 90)));
        }
    }

    #[test]
    fn what_cannot_be_printed_is_refused_with_the_reason() {
        let fault = |bytes: &[u8]| match logo(bytes) {
            Err(DocumentError::Logo(fault)) => Some(fault),
            _ => None,
        };
        let png = encoded(300, 300, ImageFormat::Png);
        assert_eq!(fault(&vec![0; MOST_BYTES + 1]), Some(LogoFault::Heavy));
        assert_eq!(fault(&encoded(4001, 2, ImageFormat::Png)), Some(LogoFault::Large));
        for bytes in [&b"GIF89a"[..], b"", b"<svg/>", &png[..png.len() / 2]] {
            assert_eq!(fault(bytes), Some(LogoFault::Unreadable));
        }
    }

    #[test]
    fn a_head_of_nothing_is_none() {
        assert_eq!(Letterhead::default().printed(), None);
        let blank = Letterhead { logo_png: Some(b"no".to_vec()), lines: vec![" ".to_owned()] };
        assert_eq!(blank.printed(), None);
    }
}
