from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cpbillmgr.model.remotes import Endpoint
from cpbillmgr.model.secret import Secret
from tests.remote.loopback import Loopback

URL = "https://billing.example.com/billmgr"

EndpointMaker = Callable[..., Endpoint]


@pytest.fixture
def endpoint() -> Endpoint:
    return endpoint_at(URL)


def endpoint_at(
    url: str, *, seconds: float = 5.0, page_size: int = 1000, ca_file: Path | None = None
) -> Endpoint:
    return Endpoint(
        name="main",
        url=url,
        user="reseller",
        password=Secret("pa:ss&word"),
        ca_file=ca_file,
        connect_seconds=seconds,
        call_seconds=seconds,
        page_size=page_size,
    )


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    with Loopback() as server:
        yield server
