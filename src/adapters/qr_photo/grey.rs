//! A photo as grey levels: decoded from JPEG or PNG within fixed limits, and made smaller.

use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::{DynamicImage, ImageDecoder, Limits};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{MAX_PIXELS, PhotoError};

/// Memory that one PNG may ask for: the largest photo allowed, at four bytes a pixel.
const PNG_MEMORY: u64 = MAX_PIXELS * 4;

/// A camera writes about ten passes over the picture; each costs the time of a full decoding.
const JPEG_SCANS: usize = 20;

/// Grey levels, row after row, 0 is black.
pub(super) struct Grey {
    pub(super) levels: Vec<u8>,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Grey {
    /// Decodes a JPEG or PNG file, told apart by its first bytes.
    pub(super) fn from_file(bytes: &[u8]) -> Result<Self, PhotoError> {
        if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
            from_jpeg(bytes)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            from_png(bytes)
        } else {
            Err(PhotoError::NotAnImage)
        }
    }

    /// The length of the longer side, in pixels.
    pub(super) fn long_side(&self) -> usize {
        self.width.max(self.height)
    }

    /// Each pixel of the answer is the mean of a square of `factor` × `factor` pixels.
    pub(super) fn shrunk(&self, factor: usize) -> Self {
        let (width, height) = (self.width / factor, self.height / factor);
        let area = u32::try_from(factor * factor).unwrap_or(u32::MAX);
        let mut levels = Vec::with_capacity(width * height);
        let mut sums = vec![0_u32; width];
        for band in self.levels.chunks_exact(self.width * factor) {
            sums.fill(0);
            for row in band.chunks_exact(self.width) {
                for (sum, square) in sums.iter_mut().zip(row.chunks_exact(factor)) {
                    *sum += square.iter().copied().map(u32::from).sum::<u32>();
                }
            }
            levels.extend(sums.iter().map(|sum| u8::try_from(sum / area).unwrap_or(u8::MAX)));
        }
        Self { levels, width, height }
    }
}

fn from_jpeg(bytes: &[u8]) -> Result<Grey, PhotoError> {
    let options = DecoderOptions::new_fast().jpeg_set_max_scans(JPEG_SCANS);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|_| PhotoError::Damaged)?;
    let (width, height) = decoder.dimensions().ok_or(PhotoError::Damaged)?;
    check_size(width, height)?;
    // Every camera writes YCbCr, whose first channel is the grey picture already.
    let is_grey = matches!(decoder.input_colorspace(), Some(ColorSpace::YCbCr | ColorSpace::Luma));
    let wanted = if is_grey { ColorSpace::Luma } else { ColorSpace::RGB };
    decoder.set_options(options.jpeg_set_out_colorspace(wanted));
    let mut levels = decoder.decode().map_err(|_| PhotoError::Damaged)?;
    if !is_grey {
        levels = levels.chunks_exact(3).map(mean).collect();
    }
    Ok(Grey { levels, width, height })
}

fn from_png(bytes: &[u8]) -> Result<Grey, PhotoError> {
    let mut limits = Limits::default();
    limits.max_alloc = Some(PNG_MEMORY);
    let decoder = PngDecoder::with_limits(Cursor::new(bytes), limits)
        .map_err(|_| PhotoError::Damaged)?;
    let (width, height) = decoder.dimensions();
    let (width, height) = (to_usize(width), to_usize(height));
    check_size(width, height)?;
    if decoder.total_bytes() > PNG_MEMORY {
        return Err(PhotoError::TooLarge);
    }
    let image = DynamicImage::from_decoder(decoder).map_err(|_| PhotoError::Damaged)?;
    let levels = if image.color().has_alpha() {
        let pixels = image.into_luma_alpha8();
        pixels.pixels().map(|pixel| on_white(pixel.0)).collect()
    } else {
        image.into_luma8().into_raw()
    };
    Ok(Grey { levels, width, height })
}

/// A transparent background is paper: without this, black on transparent is black on black.
fn on_white([level, alpha]: [u8; 2]) -> u8 {
    let (level, alpha) = (u32::from(level), u32::from(alpha));
    u8::try_from((level * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
}

fn mean(pixel: &[u8]) -> u8 {
    let sum: u32 = pixel.iter().copied().map(u32::from).sum();
    u8::try_from(sum / 3).unwrap_or(u8::MAX)
}

/// Called with the sizes of the header, before any pixel is decoded.
fn check_size(width: usize, height: usize) -> Result<(), PhotoError> {
    let pixels = u64::try_from(width.saturating_mul(height)).unwrap_or(u64::MAX);
    match pixels {
        0 => Err(PhotoError::Damaged),
        1..=MAX_PIXELS => Ok(()),
        _ => Err(PhotoError::TooLarge),
    }
}

fn to_usize(side: u32) -> usize {
    usize::try_from(side).unwrap_or(usize::MAX)
}
