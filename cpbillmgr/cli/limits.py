"""Limits that the command line gives instead of the settings' own."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cpbillmgr.runs.site import Site


def limited(site: Site, *, max_orders: int | None = None, max_spend: Decimal | None = None) -> Site:
    """Return the site with the limits that were given; ``None`` leaves a limit as the settings have it."""
    limits = site.wishes.rules.limits
    if max_orders is not None:
        limits = replace(limits, max_orders=max_orders)
    if max_spend is not None:
        limits = replace(limits, max_spend=max_spend)
    return replace(site, wishes=replace(site.wishes, rules=replace(site.wishes.rules, limits=limits)))
