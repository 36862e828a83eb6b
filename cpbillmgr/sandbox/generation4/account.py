"""Questions about the account and the price list in generation 4."""

from __future__ import annotations

from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.documents import elements
from cpbillmgr.sandbox.protocol.refusals import Refused
from cpbillmgr.sandbox.protocol.rules import TRIAL_DAYS
from cpbillmgr.sandbox.protocol.texts import period_label
from cpbillmgr.sandbox.world.nouns import DAY, LIFETIME, TRIAL, World

UNITS = {  # of lengths that are no months, by the variant ``per_type``
    LIFETIME: {"units": ("unlimited", 0), "words": ("lifetime", 0)},
    DAY: {"units": ("day", 1), "words": ("day", 1)},
    TRIAL: {"units": ("day", TRIAL_DAYS), "words": ("trial", TRIAL_DAYS)},
}
ACCOUNT = 12  # the id of the only account, as in ``payfrom=account12``


def accountinfo(world: World, _call: Call) -> str:
    """Return the account's one balance; how ``enoughdays`` is counted is unknown, and it stays empty."""
    account = world.account
    fields = {
        "id": ACCOUNT,
        "name": account.user,
        "project": "sandbox",
        "balance": f"{account.balance:.2f}",
        "currency": account.currency,
        "enoughdays": "",
    }
    return f"<elem>{elements(fields)}</elem>"


def availableprice(world: World, _call: Call) -> str:
    """Return what is for sale. Only the ids are documented."""
    return "".join(
        f"<elem>{elements({'id': tariff.id, 'name': tariff.name})}</elem>"
        for tariff in world.tariffs.values()
        if tariff.orderable
    )


def periods(world: World, call: Call) -> str:
    """Return the periods of the price that ``elid`` names."""
    tariff = world.tariffs.get(call.number("elid"))
    if tariff is None:
        raise Refused("unknown_id", "price", value=call.text("elid"))
    rows = []
    for period, cost in tariff.prices.items():
        length = tariff.length(period)
        unit, count = _measure(length, world.variants.per_type)
        fields = {
            "id": period,
            "name": period_label(length, call.language(world)),
            "per_type": unit,
            "p_length": count,
            "price_num": f"{cost:.2f}",
        }
        rows.append(f"<elem>{elements(fields)}</elem>")
    return "".join(rows)


def _measure(length: int, variant: str) -> tuple[str, int]:
    """Return unit and count of a length; whole years are told in years (reported)."""
    if length in UNITS:
        return UNITS[length][variant]
    years, months = divmod(length, 12)
    return ("month", length) if months else ("year", years)
