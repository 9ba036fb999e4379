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

/// A picture whose darkest and lightest are no farther apart is stretched.
const PALE: usize = 128;

/// Sine and cosine of an angle, in 65 536ths.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn {
    sin: i64,
    cos: i64,
}

impl Turn {
    /// 45 degrees.
    pub(super) const EIGHTH: Self = Self { sin: 46_341, cos: 46_341 };
    /// 22.5 degrees.
    pub(super) const SIXTEENTH: Self = Self { sin: 25_080, cos: 60_547 };
    const ONE: i64 = 65_536;
}

/// Grey levels, row after row, 0 is black.
#[derive(Clone)]
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

    /// The length of the shorter side, in pixels.
    pub(super) fn short_side(&self) -> usize {
        self.width.min(self.height)
    }

    /// The same picture from black to white, when it is pale: all but a hundredth of the pixels at
    /// either end are spread over all levels. A binarizer that looks for edges finds none in ink
    /// that is nearly gone, or in a photo of a dim room.
    pub(super) fn stretched(mut self) -> Self {
        let mut counts = [0_usize; 256];
        for level in &self.levels {
            if let Some(count) = counts.get_mut(usize::from(*level)) {
                *count += 1;
            }
        }
        let ends = self.levels.len() / 100;
        let mut below = 0;
        let (mut dark, mut light) = (255, 0);
        for (level, count) in counts.iter().enumerate() {
            below += count;
            if below > ends {
                dark = dark.min(level);
            }
            // As soon as all but a hundredth lie below, this is the lightest that counts.
            if below + ends >= self.levels.len() {
                light = level;
                break;
            }
        }
        if light <= dark || light - dark > PALE {
            return self;
        }
        for level in &mut self.levels {
            let above = usize::from(*level).saturating_sub(dark).min(light - dark);
            *level = u8::try_from(above * 255 / (light - dark)).unwrap_or(u8::MAX);
        }
        self
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

    /// Each pixel becomes the mean of the 3 × 3 around it, which tames the noise of a dark room.
    /// The outermost pixels stay as they are.
    pub(super) fn smoothed(&self) -> Self {
        let mut levels = self.levels.clone();
        let rows = levels.chunks_exact_mut(self.width).skip(1);
        let bands = self.levels.windows(self.width * 3).step_by(self.width);
        for (row, band) in rows.zip(bands) {
            let (above, rest) = band.split_at(self.width);
            let (here, below) = rest.split_at(self.width);
            let threes = above.windows(3).zip(here.windows(3)).zip(below.windows(3));
            for (pixel, ((a, b), c)) in row.iter_mut().skip(1).zip(threes) {
                let sum: u32 = a.iter().chain(b).chain(c).copied().map(u32::from).sum();
                *pixel = u8::try_from(sum / 9).unwrap_or(u8::MAX);
            }
        }
        Self { levels, ..*self }
    }

    /// The picture turned about its middle on a white sheet that holds all of it.
    pub(super) fn turned(&self, turn: Turn) -> Self {
        let (width, height) = (signed(self.width), signed(self.height));
        let new_width = (width * turn.cos + height * turn.sin) / Turn::ONE;
        let new_height = (width * turn.sin + height * turn.cos) / Turn::ONE;
        let mut levels = Vec::with_capacity(unsigned(new_width * new_height));
        for y in 0..new_height {
            for x in 0..new_width {
                let (dx, dy) = (x - new_width / 2, y - new_height / 2);
                let from_x = (turn.cos * dx + turn.sin * dy) / Turn::ONE + width / 2;
                let from_y = (turn.cos * dy - turn.sin * dx) / Turn::ONE + height / 2;
                let inside = (0..width).contains(&from_x) && (0..height).contains(&from_y);
                let found = self.levels.get(unsigned(from_y * width + from_x));
                levels.push(found.filter(|_| inside).copied().unwrap_or(u8::MAX));
            }
        }
        Self { levels, width: unsigned(new_width), height: unsigned(new_height) }
    }
}

/// Sides and areas are far below the limits of both types.
fn signed(side: usize) -> i64 {
    i64::try_from(side).unwrap_or(i64::MAX)
}

fn unsigned(side: i64) -> usize {
    usize::try_from(side).unwrap_or(usize::MAX)
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
    let decoder =
        PngDecoder::with_limits(Cursor::new(bytes), limits).map_err(|_| PhotoError::Damaged)?;
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
