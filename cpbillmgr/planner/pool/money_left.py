"""What of a paid license is left: it is lost when nobody uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_DOWN, Decimal

from cpbillmgr.model.catalogue import DAY, Tariff
from cpbillmgr.model.licenses import License
from cpbillmgr.model.money import Money
from cpbillmgr.planner.basis.months import add_months
from cpbillmgr.planner.basis.prices import price_of

CENT = Decimal("0.01")


def money_left(license: License, today: date, tariffs: Mapping[int, Tariff]) -> Money | None:
    """Return what the days that a license is still paid for have cost, rounded down to cents.

    It is the days left, over the days of its last period, times what that period costs.

    =======================================  ================================================
    the license                              what is left
    =======================================  ================================================
    has no end, or is a trial                not known: there is no price for a day
    has ended                                nothing
    is of months                             the last period is so many months before its end
    is of a day                              the last period is one day
    is for a period of unknown length        not known
    tells no cost                            the price list's price of its period, if it has one
    =======================================  ================================================
    """
    length = _days_of_period(license)
    cost = cost_of_period(license, tariffs)
    if license.expires is None or length is None or cost is None or license.is_trial:
        return None
    days = max((license.expires - today).days, 0)
    return replace(cost, amount=(cost.amount * days / length).quantize(CENT, ROUND_DOWN))


def cost_of_period(license: License, tariffs: Mapping[int, Tariff]) -> Money | None:
    """Return what one period of a license costs, as it tells itself or as the price list does."""
    if license.cost is not None or license.period is None:
        return license.cost
    return price_of(license, license.period, tariffs)


def _days_of_period(license: License) -> int | None:
    if license.length == DAY:
        return 1
    if license.expires is None or license.length is None or license.length <= 0:
        return None
    return (license.expires - add_months(license.expires, -license.length)).days
