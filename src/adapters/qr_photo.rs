//! Reads the QR code of a pass from a photo, for a page that has no camera of its own.
//!
//! The photo comes from anybody, so everything is bounded: bytes and pixels before decoding,
//! time afterwards. The detector of `rxing` finds codes that are turned or seen at an angle, but
//! likes neither noise nor codes that stand on a corner; so it looks several times, each time at
//! a smaller, smoothed or turned copy, the cheapest first.

mod grey;
#[cfg(test)]
mod tests;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use rxing::common::{BitMatrix, DetectorRXingResult, HybridBinarizer};
use rxing::qrcode::cpp_port::{decoder, detector};
use rxing::{Binarizer, Luma8Source};

use grey::{Grey, Turn};

/// The largest file that is looked at.
pub const MAX_BYTES: usize = 10_000_000;

/// The largest picture that is decoded, in pixels.
pub const MAX_PIXELS: u64 = 30_000_000;

/// How long [`decode`] goes on looking.
pub const BUDGET: Duration = Duration::from_millis(1500);

/// A QR code has 21 modules a side or more, and a module needs a pixel.
const SMALLEST_CODE: usize = 21;

/// Why no code came out of a photo. `Display` is the French sentence for the person who sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoError {
    /// Neither JPEG nor PNG.
    NotAnImage,
    /// More than [`MAX_BYTES`] or [`MAX_PIXELS`].
    TooLarge,
    /// The file begins like a picture but cannot be decoded.
    Damaged,
    /// A picture without any QR code that can be read.
    NoQrFound,
    /// No code was found before the time was up.
    OutOfTime,
}

impl PhotoError {
    /// The stable code of this refusal.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAnImage => "photo_not_an_image",
            Self::TooLarge => "photo_too_large",
            Self::Damaged => "photo_damaged",
            Self::NoQrFound => "photo_without_qr",
            Self::OutOfTime => "photo_out_of_time",
        }
    }
}

impl fmt::Display for PhotoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAnImage => "Ce fichier n'est pas une photo JPEG ou PNG. Envoyez une photo.",
            Self::TooLarge => {
                "Cette photo est trop grande. Envoyez une photo de 10 Mo et de 30 millions de \
                 pixels au plus."
            }
            Self::Damaged => "Cette photo est abîmée. Reprenez la photo et envoyez-la de nouveau.",
            Self::NoQrFound | Self::OutOfTime => {
                "Aucun QR code lisible sur cette photo. Reprenez-la de plus près, bien nette, sans \
                 ombre ni reflet, ou tapez le code écrit sous le QR code."
            }
        })
    }
}

impl std::error::Error for PhotoError {}

/// One way to look at the photo.
struct Look {
    /// The photo is shrunk until its longer side has at most this many pixels.
    side: usize,
    smooth: bool,
    turn: Option<Turn>,
}

const fn look(side: usize, smooth: bool, turn: Option<Turn>) -> Look {
    Look { side, smooth, turn }
}

/// Chosen by trial on a hundred made-up photos (noise, blur, shadow, angle, JPEG): the first look
/// reads half of them, smoothed and turned copies half of the rest.
const LOOKS: [Look; 8] = [
    look(1000, false, None),
    look(1400, true, None),
    look(2100, true, None),
    look(600, true, None),
    look(1400, true, Some(Turn::EIGHTH)),
    look(2100, true, Some(Turn::SIXTEENTH)),
    look(2100, false, Some(Turn::EIGHTH)),
    look(3600, false, None),
];

/// The text of the first QR code found in a JPEG or PNG file.
///
/// # Errors
/// See [`PhotoError`]. Does not panic (as long as panics unwind) and takes about [`BUDGET`] at
/// most; it is work for a blocking thread all the same.
pub fn decode(bytes: &[u8]) -> Result<String, PhotoError> {
    decode_within(bytes, BUDGET)
}

/// Like [`decode`], with another limit on time.
///
/// # Errors
/// See [`PhotoError`].
pub fn decode_within(bytes: &[u8], budget: Duration) -> Result<String, PhotoError> {
    let started = Instant::now();
    if bytes.len() > MAX_BYTES {
        return Err(PhotoError::TooLarge);
    }
    let photo = guarded(|| Grey::from_file(bytes)).unwrap_or(Err(PhotoError::Damaged))?.stretched();
    let out_of_time = || started.elapsed() >= budget;
    let mut tried = Vec::with_capacity(LOOKS.len());
    for look in &LOOKS {
        if out_of_time() {
            return Err(PhotoError::OutOfTime);
        }
        let factor = photo.long_side().div_ceil(look.side);
        let view = (factor, look.smooth, look.turn);
        if tried.contains(&view) || photo.short_side() / factor < SMALLEST_CODE {
            continue;
        }
        tried.push(view);
        let found = guarded(|| read(&look.at(&photo, factor), out_of_time));
        if let Some(text) = found.flatten() {
            return Ok(text);
        }
    }
    Err(PhotoError::NoQrFound)
}

impl Look {
    fn at(&self, photo: &Grey, factor: usize) -> Grey {
        let mut grey = photo.shrunk(factor);
        if self.smooth {
            grey = grey.smoothed();
        }
        match self.turn {
            Some(turn) => grey.turned(turn),
            None => grey,
        }
    }
}

/// The detector says of itself that it "can panic": that must cost one look, not the request.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

fn read(grey: &Grey, out_of_time: impl Fn() -> bool) -> Option<String> {
    let (width, height) = (u32::try_from(grey.width).ok()?, u32::try_from(grey.height).ok()?);
    let source = Luma8Source::new_with_slice(&grey.levels, width, height).ok()?;
    let binarizer = HybridBinarizer::new(source);
    let matrix = binarizer.get_black_matrix().ok()?;
    let mut corners = detector::FindFinderPatterns(matrix, true, 0);
    detector::GenerateFinderPatternSets(&mut corners)
        .iter()
        .take_while(|_| !out_of_time())
        .find_map(|set| text_at(matrix, set))
}

fn text_at(matrix: &BitMatrix, set: &detector::FinderPatternSet) -> Option<String> {
    let symbol = detector::SampleQR(matrix, set).ok()?;
    let decoded = decoder::Decode(symbol.getBits()).ok()?;
    decoded.isValid().then(|| decoded.text())
}
