"""Kinds of option values that click does not know."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from ipaddress import ip_address

import click

from cpbillmgr.model.mark import NAME_LIMIT

_Prices = dict[int, Decimal]

LONGEST_WAIT = 86400  # seconds: a day


def amount(value: str) -> Decimal:
    """Return an exact amount of money, to the cent; ``click.BadParameter`` tells how to write one."""
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", value):
        raise click.BadParameter(f"{value!r} is not an amount; write it like 500.00")
    return Decimal(value)


def price(value: str) -> tuple[int, Decimal]:
    """Return a period and its price, as in ``1=5.00``; ``click.BadParameter`` tells how to write them."""
    period, separator, digits = value.partition("=")
    if not separator or not re.fullmatch(r"-?[0-9]{1,9}", period):
        raise click.BadParameter(f"{value!r} is not PERIOD=AMOUNT; write it like 1=5.00")
    return int(period), amount(digits)


def price_of_each(_: click.Context, __: click.Parameter, given: Iterable[tuple[int, Decimal]]) -> _Prices:
    """Return prices by period, ``click.BadParameter`` where one has two: the callback of an option."""
    prices: _Prices = {}
    for period, digits in given:
        if prices.setdefault(period, digits) != digits:
            raise click.BadParameter(f"period {period} has two prices, {prices[period]} and {digits}")
    return prices


def rate(value: str) -> Decimal:
    """Return a rate of exchange, above zero; ``click.BadParameter`` for what is none."""
    exact = Decimal(value) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value) else Decimal(0)
    if not exact:
        raise click.BadParameter(f"{value!r} is not a rate above zero; write it like 0.92")
    return exact


def address(value: str) -> str:
    """Return an IP address in its canonical spelling; ``click.BadParameter`` when it is none."""
    try:
        return str(ip_address(value))
    except ValueError:
        raise click.BadParameter(f"{value!r} is not an IP address") from None


def tariff_name(value: str) -> str:
    """Return a name of ours for a tariff; ``click.BadParameter`` for one that nobody can read."""
    name = value.strip()
    if not name or not name.isprintable():
        raise click.BadParameter(f"{value!r} is no name: it is empty, or not printable")
    return name


def license_name(value: str) -> str:
    """Return a name that a license can bear; ``click.BadParameter`` for control characters, or a long one."""
    if not value.isprintable() or len(value) > NAME_LIMIT:
        raise click.BadParameter(f"{value!r} is no name: {NAME_LIMIT} printable characters at most")
    return value


def seconds(value: str | float) -> float:
    """Return a time to wait, in seconds; ``click.BadParameter`` for what is no time."""
    try:
        time = float(value)
    except ValueError:
        time = -1.0
    if not 0 <= time <= LONGEST_WAIT:
        raise click.BadParameter(f"{value!r} is no number of seconds from 0 to {LONGEST_WAIT}")
    return time


def moment(value: str) -> datetime:
    """Return a time (UTC unless it says otherwise); ``click.BadParameter`` for what is none."""
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is no time; write it like 2026-11-25 or 2026-11-25T12:00"
        ) from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
