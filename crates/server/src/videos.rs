//! Asks other servers about videos, for `parlor_app::videos`: YouTube, and the hosts of pasted addresses.
//!
//! Nothing that they say is believed: every answer has a deadline, a size and a form, and a host that somebody pasted is
//! only asked when it is on the public internet. Reading order: [`network`], names and connections; [`public_address`],
//! where nobody may be sent; [`client`], one request; [`probe`] and [`youtube`], what is asked. Must never know who asks.

pub mod client;
pub mod network;
pub mod probe;
pub mod public_address;
pub mod youtube;

use std::sync::Arc;

use parlor_app::videos::sites::{Asking, LONGEST};
use parlor_app::videos::{Embed, Probe, ProbeError, SiteError, Sites, YouTubeVideo};
use parlor_core::watch::{SearchText, VideoId, WebAddress};
use tokio::time::timeout;

use crate::config::VideoSettings;
use client::Client;
use network::{Internet, Network};
use youtube::YouTube;

/// The real servers.
pub struct RealSites {
    client: Client,
    youtube: YouTube,
    probes: bool,
}

impl RealSites {
    /// Asks as the settings say.
    #[must_use]
    pub fn new(settings: &VideoSettings) -> Self {
        Self::over(Arc::new(Internet::default()), settings)
    }

    fn over(network: Arc<dyn Network>, settings: &VideoSettings) -> Self {
        Self { client: Client::new(network), youtube: YouTube::new(settings), probes: settings.probe }
    }
}

impl Sites for RealSites {
    fn has_key(&self) -> bool {
        self.youtube.has_key()
    }

    fn search<'a>(&'a self, text: &'a SearchText) -> Asking<'a, Result<Vec<VideoId>, SiteError>> {
        Box::pin(in_time(self.youtube.search(&self.client, text)))
    }

    fn videos<'a>(&'a self, ids: &'a [VideoId]) -> Asking<'a, Result<Vec<YouTubeVideo>, SiteError>> {
        Box::pin(in_time(self.youtube.videos(&self.client, ids)))
    }

    fn oembed<'a>(&'a self, id: &'a VideoId) -> Asking<'a, Result<Embed, SiteError>> {
        Box::pin(in_time(self.youtube.oembed(&self.client, id)))
    }

    fn probe<'a>(&'a self, address: &'a WebAddress) -> Asking<'a, Result<Probe, ProbeError>> {
        Box::pin(async move {
            if !self.probes {
                return Ok(Probe::Unknown);
            }
            timeout(LONGEST, probe::probe(&self.client, address)).await.unwrap_or(Ok(Probe::Unknown))
        })
    }
}

async fn in_time<T>(asking: impl Future<Output = Result<T, SiteError>>) -> Result<T, SiteError> {
    timeout(LONGEST, asking).await.unwrap_or_else(|late| Err(SiteError::NoAnswer(late.into())))
}
