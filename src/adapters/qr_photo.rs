//! Reads the QR code of a pass from a photo that somebody sent, when the page has no camera.

mod grey;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use rxing::common::{BitMatrix, GlobalHistogramBinarizer, HybridBinarizer};
use rxing::qrcode::cpp_port::{decoder, detector};
use rxing::{Binarizer, Luma8Source};

use grey::Grey;

pub const MAX_BYTES: usize = 10_000_000;
pub const MAX_PIXELS: u64 = 30_000_000;
const BUDGET: Duration = Duration::from_millis(1500);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhotoError { NotAnImage, TooLarge, Damaged, NoQrFound, OutOfTime }

pub fn load(bytes: &[u8]) -> bool { Grey::from_file(bytes).is_ok() }
/// bench: (target, global) list
pub fn decode_with(bytes: &[u8], plan: &[(usize, bool)]) -> Result<(usize, String), PhotoError> {
    let g = Grey::from_file(bytes)?;
    for (i, &(target, global)) in plan.iter().enumerate() {
        let f = g.long_side().div_ceil(target).max(1);
        let s; let l = if f > 1 { s = g.shrunk(f); &s } else { &g };
        if let Some(t) = look(l, global) { return Ok((i, t)); }
    }
    Err(PhotoError::NoQrFound)
}
fn look(l: &Grey, global: bool) -> Option<String> {
    let src = Luma8Source::new_with_slice(&l.levels, l.width as u32, l.height as u32).ok()?;
    if global { let b = GlobalHistogramBinarizer::new(src); read(b.get_black_matrix().ok()?) }
    else { let b = HybridBinarizer::new(src); read(b.get_black_matrix().ok()?) }
}
fn read(m: &BitMatrix) -> Option<String> {
    let mut p = detector::FindFinderPatterns(m, true, 0);
    let sets = detector::GenerateFinderPatternSets(&mut p);
    if std::env::var("V").is_ok() { eprintln!("{}x{} patterns {} sets {}", m.width(), m.height(), p.len(), sets.len()); }
    for s in &sets {
        let Ok(f) = detector::SampleQR(m, s) else { continue };
        use rxing::common::DetectorRXingResult;
        if let Ok(d) = decoder::Decode(f.getBits()) { if d.isValid() { return Some(d.text()); } }
    }
    None
}
