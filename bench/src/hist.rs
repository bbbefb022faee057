//! A histogram of nanoseconds with 64 steps per power of two (an error of at most 1.6 %).

const STEPS: usize = 64;

/// Counts of values, in buckets whose width grows with the value.
#[derive(Debug, Clone)]
pub struct Histogram {
    buckets: Vec<u64>,
    count: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { buckets: vec![0; STEPS * 59], count: 0 }
    }
}

impl Histogram {
    /// Adds one value.
    #[inline]
    pub fn add(&mut self, value: u64) {
        self.buckets[bucket(value)] += 1;
        self.count += 1;
    }

    /// Adds all values of another histogram.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.buckets.iter_mut().zip(&other.buckets) {
            *mine += theirs;
        }
        self.count += other.count;
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The value below which the share `q` of all values lies, in milliseconds; 0 where there is none.
    pub fn quantile_ms(&self, q: f64) -> f64 {
        let rank = (self.count as f64 * q).ceil() as u64;
        let mut seen = 0;
        for (i, n) in self.buckets.iter().enumerate() {
            seen += n;
            if *n > 0 && seen >= rank {
                return upper_edge(i) as f64 / 1e6;
            }
        }
        0.0
    }
}

#[inline]
fn bucket(value: u64) -> usize {
    if value < STEPS as u64 {
        return value as usize;
    }
    let shift = (63 - value.leading_zeros()) as usize - 6;
    (shift + 1) * STEPS + (value >> shift) as usize - STEPS
}

fn upper_edge(bucket: usize) -> u64 {
    if bucket < STEPS {
        return bucket as u64;
    }
    let shift = bucket / STEPS - 1;
    ((bucket % STEPS + STEPS) as u64 + 1) << shift
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_within_two_percent() {
        let mut hist = Histogram::default();
        for us in 1..=1000u64 {
            hist.add(us * 1000);
        }
        for (q, ms) in [(0.5, 0.5), (0.99, 0.99), (1.0, 1.0)] {
            let got = hist.quantile_ms(q);
            assert!((got - ms).abs() <= ms * 0.02, "{q}: {got}");
        }
    }

    #[test]
    fn edges_hold_the_whole_range() {
        let mut hist = Histogram::default();
        for value in [0, 63, 64, 65, 1 << 40, u64::MAX] {
            hist.add(value);
        }
        assert_eq!(hist.count(), 6);
        assert!(bucket(u64::MAX) < STEPS * 59);
    }
}
