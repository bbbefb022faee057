//! Where an item comes from: a file somebody brought, a direct address, or a video at YouTube.
//!
//! Reads text only. Which hosts this server may ask anything is for the one who asks, who also sees what a name resolves
//! to; nothing here opens a connection.

mod web_address;
mod youtube;

pub use web_address::WebAddress;
pub use youtube::VideoId;

use super::MediaTime;
use crate::{Invalid, UploadId};
use std::fmt;

/// Where an item comes from. `Display` is the one spelling that [`Source::parse`] reads back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// A file in this server's keeping: `upload:42`.
    Upload(UploadId),
    /// A video at YouTube: `youtube:dQw4w9WgXcQ`.
    YouTube(VideoId),
    /// A file that each viewer's browser fetches by itself.
    Direct(WebAddress),
}

/// What a pasted text named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pasted {
    /// Where the item comes from.
    pub source: Source,
    /// From where in it to begin, when the address said so.
    pub start: MediaTime,
}

impl Source {
    /// Reads an address as people paste it, or the spelling of `Display`.
    ///
    /// # Errors
    /// `source`, when it is neither an upload, a YouTube address with a video in it, nor a direct http or https address
    /// without user info.
    pub fn parse(text: &str) -> Result<Pasted, Invalid> {
        let text = text.trim();
        if let Some(id) = text.strip_prefix("upload:") {
            let id = id.parse().map_err(|_| invalid("names no upload"))?;
            return Ok(Self::Upload(id).at_its_start());
        }
        if let Some(id) = text.strip_prefix("youtube:") {
            return Ok(Self::YouTube(VideoId::parse(id)?).at_its_start());
        }
        let address = match youtube::with_scheme(text) {
            Some(completed) => WebAddress::parse(&completed)?,
            None => WebAddress::parse(text)?,
        };
        if youtube::is_host(address.host()) {
            let (video, start) = youtube::video(&address)?;
            return Ok(Pasted { source: Self::YouTube(video), start });
        }
        Ok(Self::Direct(address).at_its_start())
    }

    const fn at_its_start(self) -> Pasted {
        Pasted { source: self, start: MediaTime::START }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Upload(id) => write!(out, "upload:{id}"),
            Self::YouTube(id) => write!(out, "youtube:{}", id.as_str()),
            Self::Direct(address) => out.write_str(address.as_str()),
        }
    }
}

const fn invalid(rule: &'static str) -> Invalid {
    Invalid { field: "source", rule }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn source(text: &str) -> Result<String, Invalid> {
        Source::parse(text).map(|pasted| pasted.source.to_string())
    }

    #[test]
    fn the_usual_forms_of_a_youtube_address_name_one_video() {
        let id = "dQw4w9WgXcQ";
        for text in [
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "http://youtube.com/watch?feature=share&v=dQw4w9WgXcQ&list=PL123#x",
            "https://m.youtube.com/watch?v=dQw4w9WgXcQ",
            "https://music.youtube.com/watch?v=dQw4w9WgXcQ&list=RD",
            "https://youtu.be/dQw4w9WgXcQ?si=abc",
            "HTTPS://WWW.YOUTUBE.COM/shorts/dQw4w9WgXcQ",
            "https://www.youtube.com/embed/dQw4w9WgXcQ?rel=0",
            "https://www.youtube.com/live/dQw4w9WgXcQ",
            "https://www.youtube.com/v/dQw4w9WgXcQ",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ",
            "  youtu.be/dQw4w9WgXcQ ",
            "www.youtube.com/watch?v=dQw4w9WgXcQ",
            "youtube:dQw4w9WgXcQ",
        ] {
            assert_eq!(source(text), Ok(format!("youtube:{id}")), "{text}");
        }
    }

    #[test]
    fn a_youtube_address_without_a_video_is_refused_by_name() {
        for text in [
            "https://www.youtube.com/",
            "https://www.youtube.com/@somebody",
            "https://www.youtube.com/playlist?list=PL123",
            "https://www.youtube.com/watch?v=short",
            "https://www.youtube.com/watch?v=dQw4w9WgXcQQ",
            "https://youtu.be/dQw4w9WgX/Q",
            "youtube:../../etc",
        ] {
            assert_eq!(source(text).unwrap_err().field, "source", "{text}");
        }
    }

    #[test]
    fn an_address_may_say_where_to_begin() {
        for (time, millis) in [
            ("90", 90_000),
            ("90s", 90_000),
            ("1m30s", 90_000),
            ("1h2m3s", 3_723_000),
            ("", 0),
            ("-5", 0),
            ("1x", 0),
            ("99999999999999999999", 0),
            ("3s2h", 0),
        ] {
            for name in ["t", "start", "time_continue"] {
                let pasted = Source::parse(&format!("https://youtu.be/dQw4w9WgXcQ?{name}={time}")).unwrap();
                assert_eq!(pasted.start.as_millis(), millis, "{name}={time}");
            }
        }
        assert_eq!(Source::parse("https://youtu.be/dQw4w9WgXcQ#t=90").unwrap().start.as_millis(), 90_000);
    }

    #[test]
    fn uploads_are_named_by_their_id() {
        assert_eq!(source("upload:42"), Ok("upload:42".into()));
        for wrong in ["upload:", "upload:0", "upload:-1", "upload:042", "upload:9007199254740992", "upload:x"]
        {
            assert_eq!(source(wrong).unwrap_err().field, "source", "{wrong}");
        }
    }

    #[test]
    fn look_alikes_of_youtube_are_direct_addresses() {
        for text in
            ["https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ", "https://notyoutu.be/dQw4w9WgXcQ"]
        {
            assert_eq!(source(text), Ok(text.into()));
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_so_that_it_reads_the_same(
            text in "(https?://[a-z0-9.:@/?#&=%\\[\\]-]{0,40}|(upload|youtube):[a-zA-Z0-9_-]{0,12}|\\PC{0,60})"
        ) {
            if let Ok(pasted) = Source::parse(&text) {
                let written = pasted.source.to_string();
                prop_assert_eq!(Source::parse(&written).map(|again| again.source), Ok(pasted.source));
            }
        }
    }
}
