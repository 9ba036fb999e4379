//! Whose request it is by its network address: that of the connection, or what a proxy that is named
//! in the settings says of the one before it.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderName, X_FORWARDED_FOR};
use ipnet::IpNet;

/// Where a request came from; `None` in a test that has no connection.
#[must_use]
pub fn of(request: &HttpRequest, proxies: &[IpNet]) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let trusted = |address: &IpAddr| proxies.iter().any(|proxy| proxy.contains(address));
    if !trusted(&peer) {
        return Some(peer);
    }
    let forwarded = header(request, &X_FORWARDED_FOR);
    // Each proxy adds who came to it at the end: the last that is no proxy of ours is the client.
    let hops = forwarded.rsplit(',').map_while(|hop| hop.trim().parse::<IpAddr>().ok());
    Some(hops.map(|hop| hop.to_canonical()).find(|hop| !trusted(hop)).unwrap_or(peer))
}

/// What requests are counted by: an IPv4 address, or the network of an IPv6 subscriber.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => IpAddr::V6(Ipv6Addr::from_bits(six.to_bits() >> 64 << 64)),
    }
}

fn header<'a>(request: &'a HttpRequest, name: &HeaderName) -> &'a str {
    request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use actix_web::test::TestRequest;

    use super::{network, of};

    fn seen(peer: &str, forwarded: &str, proxies: &[&str]) -> String {
        let peer: SocketAddr = peer.parse().unwrap();
        let request = TestRequest::default()
            .peer_addr(peer)
            .insert_header(("x-forwarded-for", forwarded))
            .to_http_request();
        let proxies: Vec<_> = proxies.iter().map(|proxy| proxy.parse().unwrap()).collect();
        of(&request, &proxies).unwrap().to_string()
    }

    #[test]
    fn only_a_named_proxy_says_who_came_to_it() {
        assert_eq!(seen("203.0.113.9:4000", "198.51.100.1", &[]), "203.0.113.9");
        assert_eq!(seen("203.0.113.9:4000", "198.51.100.1", &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(seen("10.0.0.2:4000", "198.51.100.1", &["10.0.0.0/8"]), "198.51.100.1");
        assert_eq!(seen("[::ffff:10.0.0.2]:4000", "198.51.100.1", &["10.0.0.0/8"]), "198.51.100.1");
    }

    #[test]
    fn what_a_client_writes_before_the_proxy_counts_for_nothing() {
        let proxies = ["10.0.0.0/8"];
        assert_eq!(seen("10.0.0.2:1", "1.1.1.1, 198.51.100.1", &proxies), "198.51.100.1");
        assert_eq!(seen("10.0.0.2:1", "198.51.100.1, 10.0.0.3", &proxies), "198.51.100.1");
        assert_eq!(seen("10.0.0.2:1", "", &proxies), "10.0.0.2");
        assert_eq!(seen("10.0.0.2:1", "198.51.100.1, nonsense", &proxies), "10.0.0.2");
    }

    #[test]
    fn a_subscriber_is_counted_as_one_whatever_address_it_takes() {
        let one = network("2001:db8:1:2:aaaa::1".parse().unwrap());
        assert_eq!(one, network("2001:db8:1:2:bbbb::2".parse().unwrap()));
        assert_ne!(one, network("2001:db8:1:3::1".parse().unwrap()));
    }
}
