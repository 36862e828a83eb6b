"""A world of generation 4 whose days are known, and how its refusals are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cpbillmgr.sandbox import new_world

if TYPE_CHECKING:
    from tests.sandbox.conftest import Remote

FREE_IP = "0.0.0.0"  # noqa: S104 - an address in a form, nothing listens here


def generation4_on_a_day() -> dict[str, Any]:
    """The sample world on a noon that does not move, with licenses whose days are known."""
    world = new_world(4)
    world["clock"] = "2026-11-21T12:00:00+00:00"
    world["licenses"] = [
        {"id": 1, "pricelist": 7, "period": 8, "licname": "monthly", "ip": "203.0.113.1",
         "expiredate": "2026-12-31", "createdate": "2026-01-31", "lickey": "1-aa", "remoteid": "a1"},
        {"id": 2, "pricelist": 11, "period": 16, "licname": "free.lic", "ip": FREE_IP, "status": 3,
         "expiredate": "2027-03-01", "ip_change_date": "2026-10-21"},
        {"id": 3, "pricelist": 11, "period": 17, "licname": "lifetime", "ip": "203.0.113.3"},
        {"id": 4, "pricelist": 2891, "period": 1814, "licname": "trial", "ip": "203.0.113.4",
         "expiredate": "2026-11-30"},
        {"id": 6, "pricelist": 7, "period": 8, "licname": "not ours", "ip": "203.0.113.6",
         "owner": "somebody", "expiredate": "2027-01-01"},
    ]  # fmt: skip
    return world


def license(**more: object) -> dict[str, object]:
    return {"id": 1, "pricelist": 7, "period": 8, "ip": "203.0.113.1", "expiredate": "2026-12-31", **more}


def order(ip: str, **params: object) -> dict[str, object]:
    return {"price": 7, "period": 8, "licname": "new", "ip": ip, "sok": "ok", **params}


def refused(remote: Remote, func: str, **params: object) -> tuple[str | None, str | None, str | None]:
    """Return code, obj and val of an error; what it does not have is ``None``."""
    error = remote.call(func, **params).find("error")
    assert error is not None
    assert error.text
    return error.get("code"), error.get("obj"), error.get("val")
