"""A remote's password is shown nowhere."""

from __future__ import annotations

from cpbillmgr.model.remotes import Endpoint
from cpbillmgr.model.secret import Secret

PASSWORD = "hunter2-and-more"


def test_a_secret_is_revealed_only_when_asked_for() -> None:
    assert Secret(PASSWORD).reveal() == PASSWORD


def test_no_way_of_showing_it_tells_a_secret() -> None:
    endpoint = Endpoint("isp", "https://example.org/billmgr", "reseller", Secret(PASSWORD))
    secret = endpoint.password
    shown = (str(secret), repr(secret), f"{secret}", str(endpoint), repr([endpoint]))
    assert not any(PASSWORD in text for text in shown)
