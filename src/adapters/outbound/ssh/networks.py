"""Networks that the hub's logins come from, as settings say them and certificates have them."""

from ipaddress import ip_network

EXPECTED = "source_address: an address or a network, such as 192.0.2.7 or 192.0.2.0/24, or a list of them"


def networks(said: object) -> tuple[str, ...]:
    """Each network once; () for all there are. Raises ValueError."""
    texts = (said,) if isinstance(said, str) else said
    if not isinstance(texts, list | tuple) or not all(isinstance(each, str) for each in texts):
        raise ValueError(EXPECTED)
    try:
        return tuple(dict.fromkeys(str(ip_network(each)) for each in texts))
    except ValueError as error:
        raise ValueError(f"{EXPECTED}: {error}") from error
