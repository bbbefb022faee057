//! Pictures as they come, made by the library that reads them; what breaks it is in the server's hostile tests.

use super::*;
use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use std::io::Write as _;

fn look(picture: &DynamicImage, format: ImageFormat, media_type: MediaType) -> Result<Made, Refused> {
    let mut bytes = io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    look_at_bytes(&bytes.into_inner(), media_type)
}

fn look_at_bytes(bytes: &[u8], media_type: MediaType) -> Result<Made, Refused> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    look_at(file, media_type)
}

#[test]
fn every_format_gets_a_small_one() {
    let picture = DynamicImage::from(RgbImage::from_pixel(1_300, 10, Rgb([200, 100, 50])));
    for (format, media_type) in [
        (ImageFormat::Jpeg, MediaType::Jpeg),
        (ImageFormat::Png, MediaType::Png),
        (ImageFormat::Gif, MediaType::Gif),
        (ImageFormat::WebP, MediaType::Webp),
    ] {
        let made = look(&picture, format, media_type).unwrap();
        assert_eq!((made.width, made.height), (1_300, 10));
        let (small_type, small) = made.thumbnail.unwrap();
        assert_eq!(small_type, MediaType::Jpeg);
        let small = image::load_from_memory(&small).unwrap();
        assert_eq!((small.width(), small.height()), (640, 5), "{media_type:?}");
    }
}

#[test]
fn what_is_seen_through_stays_so_and_small_stays_small() {
    let glass = DynamicImage::from(RgbaImage::from_pixel(20, 30, Rgba([0, 0, 255, 100])));
    let (small_type, small) = look(&glass, ImageFormat::Png, MediaType::Png).unwrap().thumbnail.unwrap();
    assert_eq!(small_type, MediaType::Png);
    let small = image::load_from_memory(&small).unwrap();
    assert_eq!((small.width(), small.height(), small.to_rgba8().get_pixel(1, 1).0[3]), (20, 30, 100));
}

#[test]
fn a_picture_that_takes_too_much_memory_has_no_small_one() {
    // 36 million pixels of four bytes.
    let large = DynamicImage::from(RgbaImage::new(6_000, 6_000));
    let made = look(&large, ImageFormat::Png, MediaType::Png).unwrap();
    assert_eq!((made.width, made.height), (6_000, 6_000));
    assert!(made.thumbnail.is_none());
}

#[test]
fn one_format_under_the_name_of_another_is_refused() {
    let picture = DynamicImage::from(RgbImage::new(2, 2));
    let made = look(&picture, ImageFormat::Png, MediaType::Gif);
    assert_eq!(made.unwrap_err(), BROKEN);
}

#[test]
fn frames_and_scans_are_counted() {
    let count = |bytes: &[u8], media_type| frames::count(&mut io::Cursor::new(bytes), media_type, 10).ok();
    let frame = b"\x21\xF9\x04\0\0\0\0\0\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
    let gif = [&b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF"[..], frame, frame, b"\x3B"].concat();
    assert_eq!(count(&gif, MediaType::Gif), Some(2));
    assert_eq!(count(&gif[..gif.len() - 1], MediaType::Gif), Some(2), "without its end");
    assert_eq!(count(b"GIF89a\x01\0\x01\0\0\0\0\x99", MediaType::Gif), None);
    let apng = [&b"\x89PNG\r\n\x1A\n"[..], b"\0\0\0\x08acTL\0\0\x27\x10\0\0\0\0"].concat();
    assert_eq!(count(&apng, MediaType::Png), Some(10_000));
    let webp = [&b"RIFF\0\0\0\0WEBP"[..], b"ANMF\x01\0\0\0x\0ANMF\x01\0\0\0x\0"].concat();
    assert_eq!(count(&webp, MediaType::Webp), Some(2));
    let jpeg =
        b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xC2\0\x03a\xFF\xDA\0\x02a\xFF\0b\xFF\xD0c\xFF\xFF\xDA\0\x02d\xFF\xD9";
    let scans = frames::scans(&mut io::Cursor::new(&jpeg[..]), 10).unwrap();
    assert_eq!(scans, frames::Scans { count: 2, progressive: true });
}
