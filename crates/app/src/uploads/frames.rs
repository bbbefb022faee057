//! What a picture costs before anything of it is decoded. A moving one of a megabyte can hold a hundred thousand frames,
//! and each costs whoever shows it a screen of pixels; a progressive JPEG can go over all its pixels again for every few
//! bytes. Walks over the blocks that the formats' specifications name.

use parlor_core::MediaType;
use std::io::{self, BufRead, ErrorKind, Seek};

/// The frames of a picture, counted up to one more than `most`.
///
/// # Errors
/// What reading says; and where the blocks lead nowhere.
pub(super) fn count(file: &mut (impl BufRead + Seek), media_type: MediaType, most: u32) -> io::Result<u32> {
    match media_type {
        MediaType::Gif => count_gif(file, most),
        MediaType::Png => count_png(file),
        MediaType::Webp => count_webp(file, most),
        _ => Ok(1),
    }
}

/// GIF89a, 17–27: a header, then extensions (0x21), pictures (0x2C) and the end (0x3B), all in blocks of up to 255 bytes.
fn count_gif(file: &mut (impl BufRead + Seek), most: u32) -> io::Result<u32> {
    let header: [u8; 13] = read(file)?;
    skip(file, color_table(header[10]))?;
    let mut frames = 0;
    while frames <= most {
        match read::<1>(file) {
            Ok([0x21]) => skip(file, 1)?,
            Ok([0x2C]) => {
                let descriptor: [u8; 9] = read(file)?;
                skip(file, color_table(descriptor[8]) + 1)?;
                frames += 1;
            }
            // Many end without their end, and every decoder shows them.
            Ok([0x3B]) => break,
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => break,
            Ok(_) => return Err(ErrorKind::InvalidData.into()),
            Err(error) => return Err(error),
        }
        loop {
            match read::<1>(file)? {
                [0] => break,
                [length] => skip(file, length.into())?,
            }
        }
    }
    Ok(frames)
}

fn color_table(flags: u8) -> i64 {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// APNG: what `acTL` says, which stands before the first `IDAT`; without one there is one frame.
fn count_png(file: &mut (impl BufRead + Seek)) -> io::Result<u32> {
    skip(file, 8)?;
    // More chunks than that do not stand before the pixels of a picture.
    for _ in 0..10_000 {
        let [a, b, c, d, kind @ ..] = read::<8>(file)?;
        match &kind {
            b"acTL" => return read(file).map(u32::from_be_bytes),
            b"IDAT" | b"IEND" => return Ok(1),
            _ => skip(file, i64::from(u32::from_be_bytes([a, b, c, d])) + 4)?,
        }
    }
    Err(ErrorKind::InvalidData.into())
}

/// WebP: one `ANMF` for each frame, or one picture.
fn count_webp(file: &mut (impl BufRead + Seek), most: u32) -> io::Result<u32> {
    skip(file, 12)?;
    let mut frames = 0;
    while frames <= most {
        let [kind @ .., a, b, c, d] = match read::<8>(file) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => break,
            chunk => chunk?,
        };
        frames += u32::from(&kind == b"ANMF");
        let length = i64::from(u32::from_le_bytes([a, b, c, d]));
        skip(file, length + (length & 1))?;
    }
    Ok(frames.max(1))
}

/// How a JPEG is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scans {
    /// How often it goes over its pixels, counted up to one more than was asked.
    pub(super) count: u32,
    /// Whether all of it must be held at once.
    pub(super) progressive: bool,
}

/// ITU T.81, B.1: segments with a marker and a length; after SOS (0xDA) follows what is coded, until a marker that is
/// neither a stuffed zero nor a restart.
///
/// # Errors
/// What reading says; and where there is no marker.
pub(super) fn scans(file: &mut (impl BufRead + Seek), most: u32) -> io::Result<Scans> {
    let mut scans = Scans { count: 0, progressive: false };
    skip(file, 2)?;
    while scans.count <= most {
        let marker = match marker(file) {
            // Many end without their end, and every decoder shows them.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => break,
            marker => marker?,
        };
        match marker {
            0x01 | 0xD0..=0xD8 => continue,
            0xD9 => break,
            0xC2 | 0xC6 | 0xCA | 0xCE => scans.progressive = true,
            0xDA => scans.count += 1,
            _ => {}
        }
        let length = i64::from(u16::from_be_bytes(read(file)?));
        skip(file, (length - 2).max(0))?;
    }
    Ok(scans)
}

/// The next marker, past whatever is coded before it.
fn marker(file: &mut impl BufRead) -> io::Result<u8> {
    loop {
        let buffer = file.fill_buf()?;
        if buffer.is_empty() {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let Some(at) = buffer.iter().position(|byte| *byte == 0xFF) else {
            let length = buffer.len();
            file.consume(length);
            continue;
        };
        file.consume(at + 1);
        let mut after = 0xFF;
        while after == 0xFF {
            [after] = read(file)?;
        }
        if after != 0 {
            return Ok(after);
        }
    }
}

fn read<const N: usize>(file: &mut impl BufRead) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn skip(file: &mut impl Seek, bytes: i64) -> io::Result<()> {
    // Past the end the next read says so.
    file.seek_relative(bytes)
}
