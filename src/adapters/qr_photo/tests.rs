//! Photos are made here: a code seen at an angle, in noise and shadow, written as JPEG or PNG.

use std::time::Duration;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, GrayImage, ImageEncoder, Luma};
use qrcode::{Color, EcLevel, QrCode};

use super::{MAX_BYTES, PhotoError, decode, decode_within};

const TEXT: &str = "HTTPS://PASS.EXEMPLE.FR/P/ABCDEFGHJKMNPQRS";

/// Builds without optimisation are slow: time is not what these tests are about.
const PATIENT: Duration = Duration::from_mins(2);

/// How a code was photographed.
struct Shot {
    width: u32,
    height: u32,
    /// Pixels of one module.
    module: f64,
    /// How far it is turned, in radians.
    angle: f64,
    tilt: f64,
    noise: u32,
}

impl Shot {
    /// From straight above, in good light.
    fn straight(size: u32, module: f64) -> Self {
        Self { width: size, height: size, module, angle: 0.0, tilt: 0.0, noise: 0 }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a picture of a few hundred pixels"
)]
fn photo(shot: &Shot) -> GrayImage {
    let Shot { width, height, module, angle, tilt, noise } = *shot;
    let code = QrCode::with_error_correction_level(TEXT, EcLevel::Q).expect("fits");
    let (modules, (sin, cos)) = (code.width() as f64, angle.sin_cos());
    let mut seed = 12_345_u32;
    GrayImage::from_fn(width, height, |x, y| {
        let (dx, dy) =
            (f64::from(x) - f64::from(width) / 2.0, f64::from(y) - f64::from(height) / 2.0);
        let depth = module * (1.0 + tilt * dx / f64::from(width));
        let across = (cos * dx + sin * dy) / depth + modules / 2.0;
        let down = (cos * dy - sin * dx) / depth + modules / 2.0;
        let on_code = (0.0..modules).contains(&across) && (0.0..modules).contains(&down);
        let dark = on_code && code[(across as usize, down as usize)] == Color::Dark;
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let shadow = 60 * x / width;
        let level = if dark { 30 } else { 220 - shadow } + (seed >> 16) % (noise + 1);
        Luma([level.min(255) as u8])
    })
}

fn jpeg(photo: &GrayImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 60)
        .encode(photo, photo.width(), photo.height(), ExtendedColorType::L8)
        .expect("JPEG");
    bytes
}

fn png(pixels: &[u8], width: u32, height: u32, color: ExtendedColorType) -> Vec<u8> {
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(pixels, width, height, color).expect("PNG");
    bytes
}

#[test]
fn reads_a_code_turned_tilted_and_noisy() {
    for (angle, tilt, noise) in [(0.0, 0.0, 0), (0.2, 0.3, 30), (0.8, 0.2, 20), (2.4, 0.0, 35)] {
        let shot = Shot { width: 640, height: 480, module: 7.0, angle, tilt, noise };
        let photo = jpeg(&photo(&shot));
        assert_eq!(decode_within(&photo, PATIENT).as_deref(), Ok(TEXT), "at {angle} radians");
    }
}

#[test]
fn reads_a_png_with_a_transparent_background() {
    let grey = photo(&Shot::straight(300, 6.0));
    let pixels: Vec<u8> =
        grey.pixels().flat_map(|p| [0, 0, 0, if p.0[0] < 100 { 255 } else { 0 }]).collect();
    let photo = png(&pixels, 300, 300, ExtendedColorType::Rgba8);
    assert_eq!(decode_within(&photo, PATIENT).as_deref(), Ok(TEXT));
}

#[test]
fn refuses_what_is_no_picture_or_a_broken_one() {
    assert_eq!(decode(b""), Err(PhotoError::NotAnImage));
    assert_eq!(decode(&[7; 5000]), Err(PhotoError::NotAnImage));
    assert_eq!(decode(b"\xFF\xD8\xFFgarbage"), Err(PhotoError::Damaged));
    assert_eq!(decode(b"\x89PNG\r\n\x1a\ngarbage"), Err(PhotoError::Damaged));
    let whole = jpeg(&photo(&Shot::straight(64, 1.0)));
    for end in 3..whole.len() {
        assert!(decode_within(&whole[..end], Duration::ZERO).is_err());
    }
}

#[test]
fn refuses_too_many_bytes_and_too_many_pixels_before_decoding() {
    assert_eq!(decode(&vec![0; MAX_BYTES + 1]), Err(PhotoError::TooLarge));
    // 6000 × 6000 is written in the header only.
    let mut header = png(&[0; 4], 2, 2, ExtendedColorType::L8);
    header[16..24].copy_from_slice(&[0, 0, 0x17, 0x70, 0, 0, 0x17, 0x70]);
    let checksum = crc32(&header[12..29]);
    header[29..33].copy_from_slice(&checksum.to_be_bytes());
    assert_eq!(decode(&header), Err(PhotoError::TooLarge));
}

#[test]
fn says_when_there_is_no_code_and_when_the_time_is_up() {
    let blank = png(&[255; 120 * 90], 120, 90, ExtendedColorType::L8);
    assert_eq!(decode_within(&blank, PATIENT), Err(PhotoError::NoQrFound));
    assert_eq!(decode_within(&blank, Duration::ZERO), Err(PhotoError::OutOfTime));
    let strip = png(&[0; 3000], 3000, 1, ExtendedColorType::L8);
    assert_eq!(decode_within(&strip, PATIENT), Err(PhotoError::NoQrFound));
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| (c >> 1) ^ (0xEDB8_8320 * (c & 1)))
    })
}

#[test]
fn a_code_whose_ink_is_nearly_gone_is_read() {
    let mut pale = photo(&Shot { angle: 0.1, tilt: 0.1, ..Shot::straight(700, 12.0) });
    for level in pale.pixels_mut() {
        level.0 = level.0.map(|one| 120 + one / 10);
    }
    assert_eq!(decode_within(&jpeg(&pale), PATIENT).as_deref(), Ok(TEXT));
}
