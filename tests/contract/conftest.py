"""Remotes to speak to: the sandbox in every variant, and a real account where one is named.

``CPBILLMGR_LIVE_URL``, ``CPBILLMGR_LIVE_USER`` and ``CPBILLMGR_LIVE_PASSWORD_FILE`` name a real account,
``CPBILLMGR_LIVE_GENERATION`` its generation (6 unless given). It is asked, and never told to change anything.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cpbillmgr.model.generations import Generation
from cpbillmgr.model.products import ProductType
from cpbillmgr.model.remotes import Endpoint
from cpbillmgr.model.secret import Secret
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.sandbox import Sandbox, new_world
from cpbillmgr.sandbox.world.variants import CHOICES

LIVE = "CPBILLMGR_LIVE"
OF_GENERATION_4 = frozenset(
    {"software_answer", "software_delete", "refusal", "pricename", "lifetime", "per_type"}
)
OF_CERTIFICATES = frozenset({"crt_type", "certificate_status", "issue_told", "certificate_files"})
OF_ALL = frozenset({"language", "no_money"})
STRANGEST = {
    4: {"software_answer": "item.id", "refusal": "unlisted", "pricename": "rows", "lifetime": "word"},
    6: {"order_answer": "item.id", "form": "nested", "status": "orig", "tariff": "name", "expiry": "real"},
}


@dataclass(frozen=True)
class Goods:
    """What a generation sells: two tariffs of one product, and a month of the first one."""

    lite: int
    pro: int
    month: int


GOODS = {4: Goods(7, 11, 8), 6: Goods(55227, 55228, 1)}


@dataclass(frozen=True)
class Remote:
    """A remote to speak to; ``world`` is the file of a pretend one."""

    billing: RemoteBilling
    generation: int
    variants: dict[str, str]
    world: Path | None = None

    @property
    def goods(self) -> Goods:
        return GOODS[self.generation]

    def license(self, id: str) -> dict[str, Any]:
        """Return a license as the pretend remote has it."""
        return next(each for each in self._read()["licenses"] if each["id"] == int(id))

    def has(self, id: str) -> bool:
        return any(each["id"] == int(id) and each["status"] != 4 for each in self._read()["licenses"])

    @property
    def charges(self) -> int:
        return len(self._read()["charges"])

    @property
    def paid(self) -> list[Decimal]:
        """What was charged, in the order of charging."""
        return [Decimal(each["amount"]) for each in self._read()["charges"]]

    def _read(self) -> dict[str, Any]:
        assert self.world is not None
        found: dict[str, Any] = json.loads(self.world.read_bytes())
        return found


def spoken() -> Iterator[tuple[int, dict[str, str]]]:
    """Yield every generation in every variant that it has, one at a time, and in the strangest of all.

    Those of certificates alone are left out.
    """
    for generation in GOODS:
        yield generation, {}
        own = (
            OF_GENERATION_4
            if generation == 4
            else CHOICES.keys() - OF_GENERATION_4 - OF_CERTIFICATES - OF_ALL
        )
        yield from ((generation, variant) for variant in one_at_a_time(own | OF_ALL))
        yield generation, STRANGEST[generation]


def one_at_a_time(names: Iterable[str]) -> Iterator[dict[str, str]]:
    """Yield each of these variants in each choice that is not the default."""
    for name in sorted(names):
        yield from ({name: choice} for choice in CHOICES[name][1:])


def spelled(spoken: tuple[int, dict[str, str]]) -> str:
    generation, variants = spoken
    return "-".join((str(generation), *(f"{name}={choice}" for name, choice in variants.items())))


EVERY_WAY = [pytest.param(each, id=spelled(each)) for each in spoken()]
LIVE_TOO = pytest.param(
    None, id="live", marks=pytest.mark.skipif(f"{LIVE}_URL" not in os.environ, reason=f"no {LIVE}_URL")
)


@pytest.fixture(params=[*EVERY_WAY, LIVE_TOO])
def remote(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Remote]:
    """Any remote, which is only asked."""
    if request.param is None:
        with RemoteBilling(live_endpoint()) as billing:
            yield Remote(billing, int(os.environ.get(f"{LIVE}_GENERATION", "6")), {})
        return
    with ExitStack() as stack:
        yield pretended(stack, tmp_path / "world.json", *request.param)


@pytest.fixture(params=EVERY_WAY)
def pretend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Remote]:
    """A pretend remote, which may be told to change things."""
    with ExitStack() as stack:
        yield pretended(stack, tmp_path / "world.json", *request.param)


def pretended(
    stack: ExitStack,
    path: Path,
    generation: int,
    variants: dict[str, str],
    product: ProductType = ProductType.SOFT,
) -> Remote:
    goods = GOODS[generation]
    month = {"pricelist": goods.lite, "period": goods.month}
    world = {
        **new_world(generation),
        "variants": variants,
        "licenses": [
            {
                "id": 1,
                "ip": "203.0.113.1",
                "licname": "Item #1 addon web1",
                "expiredate": day(20),
                **month,
                "lickey": "1-key",
            },
            {"id": 2, "ip": "203.0.113.2", "licname": "stopped", "expiredate": day(9), **month, "status": 3},
        ],
    }
    path.write_text(json.dumps(world), encoding="utf-8")
    sandbox = stack.enter_context(Sandbox(path))
    endpoint = Endpoint(
        "main", sandbox.url, sandbox.user, Secret(sandbox.password), Generation(generation), product
    )
    return Remote(stack.enter_context(RemoteBilling(endpoint)), generation, variants, path)


def live_endpoint() -> Endpoint:
    password = Path(os.environ[f"{LIVE}_PASSWORD_FILE"]).read_text(encoding="utf-8").splitlines()[0]
    url, user = os.environ[f"{LIVE}_URL"], os.environ[f"{LIVE}_USER"]
    return Endpoint(
        "live", url, user, Secret(password), Generation(int(os.environ.get(f"{LIVE}_GENERATION", "6")))
    )


def day(ahead: int) -> str:
    return str(datetime.now(UTC).date() + timedelta(days=ahead))
