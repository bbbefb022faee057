//! Every number that is counted, in one list, and how it is written for Prometheus.
//!
//! Counters of our own are plain atomics: there are few of them and they are always there. Other layers (the sockets,
//! the store) add a source, which is asked at each scrape.

use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::process;

/// Upper edges of the buckets of a request's time, in seconds.
const BUCKETS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

type Source = Box<dyn Fn(&mut Page) + Send + Sync>;

/// What this process counts.
#[derive(Default)]
pub struct Metrics {
    requests: [AtomicU64; 5],
    buckets: [AtomicU64; BUCKETS.len()],
    request_count: AtomicU64,
    request_micros: AtomicU64,
    in_flight: AtomicU64,
    panics: AtomicU64,
    /// Held only to add one or to walk the list; no source locks anything of ours.
    sources: Mutex<Vec<Source>>,
}

impl Metrics {
    /// Adds numbers of another layer, asked at each scrape.
    pub fn add_source(&self, source: impl Fn(&mut Page) + Send + Sync + 'static) {
        self.sources.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(Box::new(source));
    }

    /// A request begins.
    pub fn request_began(&self) {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
    }

    /// A request ended, or was given up by its client.
    pub fn request_ended(&self, status: Option<u16>, took: Duration) {
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
        let Some(status) = status else { return };
        let class = usize::from(status / 100).clamp(1, CLASSES.len()) - 1;
        self.requests[class].fetch_add(1, Ordering::Relaxed);
        if let Some(bucket) = BUCKETS.iter().position(|edge| took.as_secs_f64() <= *edge) {
            self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        }
        self.request_count.fetch_add(1, Ordering::Relaxed);
        self.request_micros.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// A handler panicked.
    pub fn panicked(&self) {
        self.panics.fetch_add(1, Ordering::Relaxed);
    }

    /// Everything, as Prometheus reads it.
    #[must_use]
    pub fn scrape(&self) -> String {
        let mut page = Page::default();
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        page.family("parlor_build_info", "gauge", "The version that runs.");
        page.sample("parlor_build_info", &format!("version=\"{}\"", env!("CARGO_PKG_VERSION")), 1.0);
        page.family("parlor_http_requests_total", "counter", "Answered requests, by class of status.");
        for (class, counter) in CLASSES.iter().zip(&self.requests) {
            page.sample("parlor_http_requests_total", &format!("class=\"{class}\""), get(counter) as f64);
        }
        page.family(
            "parlor_http_request_seconds",
            "histogram",
            "From the headers of a request to its answer.",
        );
        let mut below = 0;
        for (edge, counter) in BUCKETS.iter().zip(&self.buckets) {
            below += get(counter);
            page.sample("parlor_http_request_seconds_bucket", &format!("le=\"{edge}\""), below as f64);
        }
        let count = get(&self.request_count) as f64;
        page.sample("parlor_http_request_seconds_bucket", "le=\"+Inf\"", count);
        page.sample("parlor_http_request_seconds_sum", "", get(&self.request_micros) as f64 / 1e6);
        page.sample("parlor_http_request_seconds_count", "", count);
        page.gauge("parlor_http_in_flight", "Requests that are being answered.", get(&self.in_flight) as f64);
        page.counter("parlor_http_panics_total", "Handlers that panicked.", get(&self.panics) as f64);
        process::write(&mut page);
        for source in self.sources.lock().unwrap_or_else(std::sync::PoisonError::into_inner).iter() {
            source(&mut page);
        }
        page.text
    }
}

/// A page in Prometheus' text format, while it is written.
#[derive(Default)]
pub struct Page {
    text: String,
}

impl Page {
    /// A counter without labels.
    pub fn counter(&mut self, name: &str, help: &str, value: f64) {
        self.family(name, "counter", help);
        self.sample(name, "", value);
    }

    /// A gauge without labels.
    pub fn gauge(&mut self, name: &str, help: &str, value: f64) {
        self.family(name, "gauge", help);
        self.sample(name, "", value);
    }

    /// The head of a family of samples.
    pub fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    /// One sample; `labels` as `a="b",c="d"`.
    pub fn sample(&mut self, name: &str, labels: &str, value: f64) {
        let _ = if labels.is_empty() {
            writeln!(self.text, "{name} {value}")
        } else {
            writeln!(self.text, "{name}{{{labels}}} {value}")
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scrape_adds_up() {
        let metrics = Metrics::default();
        for (status, ms) in [(200, 1), (404, 3), (200, 9_000)] {
            metrics.request_began();
            metrics.request_ended(Some(status), Duration::from_millis(ms));
        }
        metrics.request_began();
        metrics.add_source(|page| page.gauge("parlor_example", "An example.", 7.0));
        let text = metrics.scrape();
        for line in [
            "parlor_http_requests_total{class=\"2xx\"} 2",
            "parlor_http_requests_total{class=\"4xx\"} 1",
            "parlor_http_request_seconds_bucket{le=\"0.001\"} 1",
            "parlor_http_request_seconds_bucket{le=\"5\"} 2",
            "parlor_http_request_seconds_bucket{le=\"+Inf\"} 3",
            "parlor_http_request_seconds_count 3",
            "parlor_http_in_flight 1",
            "parlor_example 7",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }
}
