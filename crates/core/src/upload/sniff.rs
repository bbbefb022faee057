//! What the first bytes of a file say it is. Only what is taken is known here; everything else is nothing.
//!
//! The signatures are those of the formats' own specifications, the same that the WHATWG MIME Sniffing standard lists.

use super::MediaType;

/// How much of a file is looked at: a WebM header with padding, or two frames of MP3, fit.
pub const SNIFFED_BYTES: usize = 4096;

/// Brands of ISO base media files that browsers play; pictures (`heic`, `avif`) and QuickTime have others.
const MP4_BRANDS: [&[u8; 4]; 17] = [
    b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"mp41", b"mp42",
    b"avc1", b"M4V ", b"M4VH", b"M4VP", b"MSNV", b"dash",
];
const M4A_BRANDS: [&[u8; 4]; 2] = [b"M4A ", b"M4B "];

/// The type of a file that begins with `head`: its first [`SNIFFED_BYTES`] bytes, or all of it where it is shorter.
#[must_use]
pub fn sniff(head: &[u8]) -> Option<MediaType> {
    if head.starts_with(b"\xFF\xD8\xFF") {
        return Some(MediaType::Jpeg);
    }
    if head.starts_with(b"\x89PNG\r\n\x1A\n") && head.get(12..16) == Some(b"IHDR") {
        return Some(MediaType::Png);
    }
    if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
        return Some(MediaType::Gif);
    }
    if head.starts_with(b"RIFF") {
        return riff(head);
    }
    if head.get(4..8) == Some(b"ftyp") {
        return mp4(head);
    }
    if head.starts_with(b"\x1A\x45\xDF\xA3") {
        return (ebml_doc_type(head) == Some(b"webm")).then_some(MediaType::Webm);
    }
    if head.starts_with(b"OggS\0") {
        return Some(MediaType::Ogg);
    }
    if is_subtitles_header(head) {
        return Some(MediaType::Vtt);
    }
    is_mp3(head).then_some(MediaType::Mp3)
}

/// Whether a whole file is WebVTT: its header, and text in UTF-8 without NUL.
#[must_use]
pub fn is_subtitles(whole: &[u8]) -> bool {
    is_subtitles_header(whole) && !whole.contains(&0) && std::str::from_utf8(whole).is_ok()
}

fn riff(head: &[u8]) -> Option<MediaType> {
    match (head.get(8..12)?, head.get(12..16)?) {
        (b"WAVE", _) => Some(MediaType::Wav),
        (b"WEBP", b"VP8 " | b"VP8L" | b"VP8X") => Some(MediaType::Webp),
        _ => None,
    }
}

/// The brand decides, and where that is an unknown one, those that it says it is compatible with.
fn mp4(head: &[u8]) -> Option<MediaType> {
    let length = usize::try_from(u32::from_be_bytes(head.get(..4)?.try_into().ok()?)).ok()?;
    let whole = head.get(8..length.min(head.len()))?;
    let major = whole.get(..4)?;
    let compatible = || whole.get(8..).unwrap_or_default().chunks_exact(4);
    let is_in = |brands: &[&[u8; 4]], brand: &[u8]| brands.iter().any(|known| *known == brand);
    if is_in(&M4A_BRANDS, major) {
        Some(MediaType::M4a)
    } else if is_in(&MP4_BRANDS, major) || compatible().any(|brand| is_in(&MP4_BRANDS, brand)) {
        Some(MediaType::Mp4)
    } else {
        None
    }
}

/// The DocType of an EBML header (RFC 8794): WebM and Matroska differ in nothing else there.
fn ebml_doc_type(head: &[u8]) -> Option<&[u8]> {
    let (length, mut at) = ebml_size(head, 4)?;
    let end = at.checked_add(usize::try_from(length).ok()?)?.min(head.len());
    while at < end {
        let id_length = head[at].leading_zeros() as usize + 1;
        let id = head.get(at..at + id_length)?;
        let (length, begin) = ebml_size(head, at + id_length)?;
        let next = begin.checked_add(usize::try_from(length).ok()?)?;
        if id == b"\x42\x82" {
            let text = head.get(begin..next)?;
            return Some(text.strip_suffix(b"\0").unwrap_or(text));
        }
        at = next;
    }
    None
}

/// A length of EBML at `at`: how many leading zeros it has says how many bytes it takes. And where it ends.
fn ebml_size(head: &[u8], at: usize) -> Option<(u64, usize)> {
    let first = *head.get(at)?;
    let length = first.leading_zeros() as usize + 1;
    if length > 8 {
        return None;
    }
    let rest = head.get(at + 1..at + length)?;
    let value = u64::from(first) & ((1 << (8 - length)) - 1);
    Some((rest.iter().fold(value, |value, byte| value << 8 | u64::from(*byte)), at + length))
}

fn is_subtitles_header(head: &[u8]) -> bool {
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let Some(rest) = text.strip_prefix(b"WEBVTT") else { return false };
    matches!(rest.first(), None | Some(b' ' | b'\t' | b'\n' | b'\r'))
}

/// A tag of ID3v2, or two frames of layer III after each other: the mark of one alone stands in any noise.
fn is_mp3(head: &[u8]) -> bool {
    if head.starts_with(b"ID3") {
        // A version that there is, and a length of four times seven bits.
        return head.get(3).is_some_and(|version| (2..=4).contains(version))
            && head.get(6..10).is_some_and(|length| length.iter().all(|byte| *byte < 0x80));
    }
    let Some(length) = mp3_frame(head) else { return false };
    head.get(length..).is_some_and(|next| mp3_frame(next).is_some())
}

/// The length of the frame of layer III that begins here (ISO 11172-3, 2.4.2.3).
fn mp3_frame(head: &[u8]) -> Option<usize> {
    const RATES_V1: [usize; 16] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0];
    const RATES_V2: [usize; 16] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0];
    const SAMPLES: [usize; 3] = [44_100, 48_000, 32_000];
    let [sync, version, rates, _] = *head.first_chunk()?;
    if sync != 0xFF || version & 0xE0 != 0xE0 || version & 0x06 != 0x02 {
        return None;
    }
    let (table, per_frame, divided_by) = match version & 0x18 {
        0x18 => (RATES_V1, 144, 1),
        0x10 => (RATES_V2, 72, 2),
        0x00 => (RATES_V2, 72, 4),
        _ => return None,
    };
    let samples = *SAMPLES.get(usize::from(rates >> 2 & 3))? / divided_by;
    let rate = table[usize::from(rates >> 4)];
    let padding = usize::from(rates >> 1 & 1);
    (rate > 0).then(|| per_frame * rate * 1_000 / samples + padding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ftyp(major: &[u8; 4], compatible: &[&[u8; 4]]) -> Vec<u8> {
        let mut made = u32::try_from(16 + compatible.len() * 4).unwrap().to_be_bytes().to_vec();
        made.extend_from_slice(b"ftyp");
        made.extend_from_slice(major);
        made.extend_from_slice(&[0; 4]);
        compatible.iter().for_each(|brand| made.extend_from_slice(*brand));
        made
    }

    fn ebml(doc_type: &[u8]) -> Vec<u8> {
        let inner =
            [&b"\x42\x86\x81\x01\xEC\x82\0\0\x42\x82"[..], &[0x80 | doc_type.len() as u8], doc_type].concat();
        [&b"\x1A\x45\xDF\xA3\x01\0\0\0\0\0\0"[..], &[inner.len() as u8], &inner].concat()
    }

    fn mp3() -> Vec<u8> {
        let mut frame = vec![0; 417];
        frame[..4].copy_from_slice(b"\xFF\xFB\x90\x00");
        [frame.clone(), frame].concat()
    }

    #[test]
    fn what_is_taken_is_known() {
        for (head, expected) in [
            (b"\xFF\xD8\xFF\xE0".to_vec(), MediaType::Jpeg),
            (b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR".to_vec(), MediaType::Png),
            (b"GIF89a".to_vec(), MediaType::Gif),
            (b"RIFF\0\0\0\0WEBPVP8X".to_vec(), MediaType::Webp),
            (b"RIFF\0\0\0\0WAVEfmt ".to_vec(), MediaType::Wav),
            (ftyp(b"isom", &[b"mp41"]), MediaType::Mp4),
            (ftyp(b"zzzz", &[b"yyyy", b"mp42"]), MediaType::Mp4),
            (ftyp(b"M4A ", &[b"isom"]), MediaType::M4a),
            (ebml(b"webm"), MediaType::Webm),
            (ebml(b"webm\0"), MediaType::Webm),
            (b"OggS\0\x02".to_vec(), MediaType::Ogg),
            (b"ID3\x04\0\0\0\0\x0F\x76".to_vec(), MediaType::Mp3),
            (mp3(), MediaType::Mp3),
            (b"WEBVTT".to_vec(), MediaType::Vtt),
            (b"\xEF\xBB\xBFWEBVTT - x\n".to_vec(), MediaType::Vtt),
        ] {
            assert_eq!(sniff(&head), Some(expected));
        }
    }

    #[test]
    fn what_is_not_taken_is_nothing() {
        for head in [
            &b""[..],
            b"<!doctype html><script>",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\">",
            b"<?xml version=\"1.0\"?>",
            b"#EXTM3U\n",
            b"PK\x03\x04",
            b"MZ\x90\0",
            b"\x7FELF",
            b"%PDF-1.7",
            b"WEBVTTX",
            b"ID3<script>",
            b"\xFF\xFB\x90\x00 and then no frame",
            b"\xFF\xFF\xFF\xFF",
            b"RIFF\0\0\0\0AVI LIST",
            b"\x89PNG\r\n\x1A\n<script>",
            b"OggX",
        ] {
            assert_eq!(sniff(head), None, "{head:?}");
        }
        for head in
            [ftyp(b"heic", &[b"mif1"]), ftyp(b"avif", &[]), ftyp(b"qt  ", &[b"qt  "]), ebml(b"matroska")]
        {
            assert_eq!(sniff(&head), None);
        }
    }

    #[test]
    fn subtitles_are_text_to_the_end() {
        assert!(is_subtitles("WEBVTT\n\n00:01.000 --> 00:02.000\nhéllo".as_bytes()));
        assert!(!is_subtitles(b"WEBVTT\n\xFF\xFE"));
        assert!(!is_subtitles(b"WEBVTT\n\0"));
        assert!(!is_subtitles(b"hello"));
    }

    proptest! {
        #[test]
        fn no_bytes_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            start in prop_oneof![
                Just(&b""[..]), Just(&b"\x1A\x45\xDF\xA3"[..]), Just(&b"\0\0\0\x20ftyp"[..]), Just(&b"\xFF\xFB"[..]),
                Just(&b"RIFF"[..]), Just(&b"ID3"[..])
            ],
        ) {
            let _ = sniff(&[start, &bytes].concat());
        }
    }
}
