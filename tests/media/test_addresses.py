"""Where a stranger's URL may lead."""

import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pollux.media.addresses import RefusedError, is_public, parse_target


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "93.184.216.34", "100.63.255.255", "172.32.0.1", "192.169.0.1", "223.255.255.255", "168.63.129.17",
     "2606:4700::1111", "2001:4860:4860::8888", "64:ff9b::101:101"],
)  # fmt: skip
def test_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
     "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.168.1.1", "198.18.0.1",
     "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
     "::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "3fff::1", "100::1",
     "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1",
     "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:7f00:1::1", "2001:10::1"],
)  # fmt: skip
def test_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@given(st.ip_addresses())
def test_nothing_public_is_anything_else(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if is_public(address):
        inner = address
        if isinstance(address, ipaddress.IPv6Address) and address in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        assert not inner.is_private
        assert not inner.is_loopback
        assert not inner.is_link_local
        assert not inner.is_multicast
        assert not inner.is_reserved


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "authority"),
    [
        ("http://example.com", "example.com", 80, "/", "example.com"),
        ("HTTPS://EXAMPLE.com.:443/a?b=1#c", "example.com", 443, "/a?b=1", "example.com"),
        ("http://example.com:8080/é?q=ü", "example.com", 8080, "/%C3%A9?q=%C3%BC", "example.com:8080"),
        ("http://[::1]:81/x", "::1", 81, "/x", "[::1]:81"),
        ("http://127.0.0.1/x", "127.0.0.1", 80, "/x", "127.0.0.1"),
        ("https://xn--bcher-kva.example/%20a", "xn--bcher-kva.example", 443, "/%20a", "xn--bcher-kva.example"),
    ],
)
def test_parsed(url: str, host: str, port: int, path: str, authority: str) -> None:
    target = parse_target(url)
    assert (target.host, target.port, target.path, target.authority) == (host, port, path, authority)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://example.com/a", "must begin with https"),
        ("file:///etc/passwd", "must begin with https"),
        ("gs://bucket/a.png", "must begin with https"),
        ("data:image/png;base64,AAAA", "must begin with https"),
        ("//example.com/a", "must begin with https"),
        ("example.com/a.png", "must begin with https"),
        ("http://", "names no host"),
        ("http:///a", "names no host"),
        ("http://example.com:0/", "names no host"),
        ("http://example.com:99999/", "not a valid URL"),
        ("http://user:secret@example.com/", "user name or password"),
        ("http://example.com@127.0.0.1/", "user name or password"),
        ("http://example.com\\@127.0.0.1/", "backslashes"),
        ("http://example.com\r\nHost: x/", "control characters"),
        ("http://exa mple.com/", "spaces"),
        ("http://127.1/", "not a plain IPv4"),
        ("http://2130706433/", "not a plain IPv4"),
        ("http://0x7f000001/", "not a plain IPv4"),
        ("http://0x7f.0.0.1/", "not a plain IPv4"),
        ("http://0177.0.0.1/", "not a plain IPv4"),
        ("http://127.0.0.1.5/", "not a plain IPv4"),
        ("http://127.0.0.0x1/", "not a plain IPv4"),
        ("http://[fe80::1%25eth0]/", "invalid IPv6"),
        ("http://[v1.x]/", "not a valid URL|invalid IPv6"),
        ("http://①②⑦.⓪.⓪.①/", "not a valid URL|not ASCII|xn--"),
        ("http://bücher.example/", "xn--"),
        ("http://localhost%2eexample/", "not valid"),
        ("http://-a.example/", "not valid"),
        ("http://a..example/", "not valid"),
        ("http://example.com/" + "a" * 8192, "longer than"),
    ],
)
def test_refused(url: str, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        parse_target(url)


@given(st.one_of(st.text(), st.text().map("http://{}".format), st.text().map("https://[{}]/".format)))
@example("http://[::ffff:127.0.0.1]/")
def test_any_text_is_refused_or_parsed_cleanly(url: str) -> None:
    try:
        target = parse_target(url)
    except RefusedError:
        return
    assert target.path.isascii()
    assert not set(target.host + target.path) & set(" \r\n\t\\#")
    assert parse_target(f"{target.scheme}://{target.authority}{target.path}") == target
