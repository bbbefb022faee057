//! How many connections there may be, in all and from one address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};

/// The count of open connections.
#[derive(Debug, Default)]
pub(crate) struct Counts(Mutex<Open>);

#[derive(Debug, Default)]
struct Open {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A place for one connection, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    counts: Arc<Counts>,
    address: Option<IpAddr>,
}

impl Counts {
    /// A place, unless there are as many connections as there may be.
    pub(crate) fn admit(
        self: &Arc<Self>,
        address: Option<IpAddr>,
        max_all: usize,
        max_per_address: usize,
    ) -> Option<Permit> {
        let address = address.map(network);
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if open.all >= max_all {
            return None;
        }
        if let Some(address) = address {
            let here = open.by_address.entry(address).or_default();
            if *here >= max_per_address {
                return None;
            }
            *here += 1;
        }
        open.all += 1;
        Some(Permit { counts: self.clone(), address })
    }

    /// Connections that are open now.
    pub(crate) fn open(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).all
    }
}

/// Whoever has one IPv6 address has 2^64 of them: they count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & (!0 << 64)).into(),
        address => address,
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.counts.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.all -= 1;
        if let Some(address) = self.address
            && let Some(here) = open.by_address.get_mut(&address)
        {
            *here -= 1;
            if *here == 0 {
                open.by_address.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_one_ipv6_network_count_as_one() {
        let check = |address: &str, same: &str| {
            assert_eq!(network(address.parse().unwrap()), same.parse::<IpAddr>().unwrap());
        };
        check("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::");
        check("::ffff:192.0.2.7", "192.0.2.7");
        check("192.0.2.7", "192.0.2.7");
    }

    #[test]
    fn places_run_out_and_come_back() {
        let counts = Arc::new(Counts::default());
        let address = Some(IpAddr::from([127, 0, 0, 1]));
        let first = counts.admit(address, 3, 1).unwrap();
        assert!(counts.admit(address, 3, 1).is_none(), "one from this address");
        let others = [counts.admit(None, 3, 1).unwrap(), counts.admit(None, 3, 1).unwrap()];
        assert!(counts.admit(None, 3, 1).is_none(), "three in all");
        drop(first);
        assert!(counts.admit(address, 3, 1).is_some());
        drop(others);
        assert_eq!(counts.open(), 0);
    }
}
