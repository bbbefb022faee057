//! Pictures are decoded once, when they come: whether they are what they say, how large they are, and a small one
//! without anything but its pixels (no place, no camera, no name), turned as it is to be shown.
//!
//! A picture of a few kilobytes can be a wall of gigabytes. So its size is read before its pixels, one is decoded at a
//! time, off the async threads, within [`MOST_MEMORY`]; few wait for their turn, and not for long.

use super::frames;
use crate::Failure;
use image::codecs::{gif::GifDecoder, jpeg, png, webp::WebPDecoder};
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageError, Limits};
use parlor_core::MediaType;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;

/// The most pixels of a picture: those of today's cameras, and less than any browser chokes on.
const MOST_PIXELS: u64 = 50_000_000;
/// The longest side.
const LONGEST_SIDE: u32 = 20_000;
/// The most frames of a moving one.
const MOST_FRAMES: u32 = 2_000;
/// The most passes over the pixels of a JPEG: encoders make ten.
const MOST_SCANS: u32 = 100;
/// What decoding may take: 40 million pixels of three bytes. What would take more gets no small one.
const MOST_MEMORY: u64 = 128 * 1024 * 1024;
/// The longest side of the small one: twice what a chat shows, for sharp screens.
const THUMBNAIL_SIDE: u32 = 640;
const JPEG_QUALITY: u8 = 80;
/// After this reading the file fails, and with it whoever decodes it.
const DECODING_TAKES: Duration = Duration::from_secs(5);
/// How many wait for their turn at most, and how long one does.
const MOST_WAITING: usize = 64;
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Pictures {
    running: Arc<Semaphore>,
    waiting: Semaphore,
}

impl Default for Pictures {
    fn default() -> Self {
        Self { running: Arc::new(Semaphore::new(1)), waiting: Semaphore::new(MOST_WAITING) }
    }
}

/// What was seen of a picture.
#[derive(Debug)]
pub(super) struct Made {
    /// As it is shown.
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) thumbnail: Option<(MediaType, Vec<u8>)>,
}

/// It is no picture that is taken; why, as the end of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused(pub(super) &'static str);

const BROKEN: Refused = Refused("is a picture that cannot be read");
const TOO_MANY_PIXELS: Refused = Refused("is a picture of too many pixels");
const TOO_MANY_FRAMES: Refused = Refused("is a picture of too many frames");

impl Pictures {
    pub(super) async fn look_at(
        &self,
        open: impl FnOnce() -> io::Result<File> + Send + 'static,
        media_type: MediaType,
    ) -> Result<Result<Made, Refused>, Failure> {
        let _place = self.waiting.try_acquire().map_err(|_| Failure::unavailable())?;
        let turn = tokio::time::timeout(PATIENCE, self.running.clone().acquire_owned()).await;
        let turn = turn.map_err(|_| Failure::unavailable())?.map_err(Failure::internal)?;
        super::on_disk(move || {
            // Held by the work itself: it goes on when the caller has left, and so does its share of the memory.
            let _turn = turn;
            Ok(look_at(open()?, media_type))
        })
        .await
    }
}

fn look_at(file: File, media_type: MediaType) -> Result<Made, Refused> {
    let mut file = BufReader::new(Hurried { file, until: Instant::now() + DECODING_TAKES });
    if frames::count(&mut file, media_type, MOST_FRAMES).map_err(|_| BROKEN)? > MOST_FRAMES {
        return Err(TOO_MANY_FRAMES);
    }
    file.rewind().map_err(|_| BROKEN)?;
    match media_type {
        MediaType::Jpeg => {
            let scans = frames::scans(&mut file, MOST_SCANS).map_err(|_| BROKEN)?;
            if scans.count > MOST_SCANS {
                return Err(TOO_MANY_FRAMES);
            }
            file.rewind().map_err(|_| BROKEN)?;
            small_one(jpeg::JpegDecoder::new(file), if scans.progressive { 3 } else { 1 })
        }
        MediaType::Png => small_one(png::PngDecoder::with_limits(file, limits()), 1),
        MediaType::Gif => small_one(GifDecoder::new(file), 1),
        MediaType::Webp => small_one(WebPDecoder::new(file), 2),
        _ => Err(BROKEN),
    }
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

/// `held` is how many times its pixels a decoder holds while it works: a progressive JPEG keeps 16 bits of each beside
/// the 8 that come out, WebP what it predicts from.
fn small_one<D: ImageDecoder>(decoder: Result<D, ImageError>, held: u64) -> Result<Made, Refused> {
    let mut decoder = decoder.map_err(|_| BROKEN)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || width.max(height) > LONGEST_SIDE {
        return Err(TOO_MANY_PIXELS);
    }
    if width == 0 || height == 0 {
        return Err(BROKEN);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let (width, height) = if is_on_its_side(orientation) { (height, width) } else { (width, height) };
    if decoder.total_bytes().saturating_mul(held) > MOST_MEMORY || decoder.set_limits(limits()).is_err() {
        return Ok(Made { width, height, thumbnail: None });
    }
    let whole = DynamicImage::from_decoder(decoder).map_err(|_| BROKEN)?;
    let side = THUMBNAIL_SIDE;
    let mut small =
        if whole.width().max(whole.height()) > side { whole.thumbnail(side, side) } else { whole };
    small.apply_orientation(orientation);
    let thumbnail = encode(&small).map_err(|_| BROKEN)?;
    Ok(Made { width, height, thumbnail: Some(thumbnail) })
}

fn is_on_its_side(orientation: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

/// As JPEG, or as PNG where something is seen through.
fn encode(small: &DynamicImage) -> Result<(MediaType, Vec<u8>), ImageError> {
    let mut bytes = Vec::new();
    let see_through = small.color().has_alpha() && small.to_rgba8().pixels().any(|pixel| pixel.0[3] < 255);
    if see_through {
        let pixels = small.to_rgba8();
        let (width, height) = pixels.dimensions();
        png::PngEncoder::new(&mut bytes).write_image(&pixels, width, height, ExtendedColorType::Rgba8)?;
        return Ok((MediaType::Png, bytes));
    }
    jpeg::JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY).encode_image(&small.to_rgb8())?;
    Ok((MediaType::Jpeg, bytes))
}

/// A file that is read only until its time is over.
struct Hurried {
    file: File,
    until: Instant,
}

impl Read for Hurried {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if Instant::now() > self.until {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.file.read(buffer)
    }
}

impl Seek for Hurried {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

#[cfg(test)]
mod tests;
