"""Kinds of option values that click does not know."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address

import click

from cpbillmgr.model.mark import NAME_LIMIT

LONGEST_WAIT = 86400  # seconds: a day


def amount(value: str) -> Decimal:
    """Return an exact amount of money; ``click.BadParameter`` tells how to write one."""
    try:
        exact = Decimal(value)
    except InvalidOperation:
        exact = Decimal(-1)
    if not exact.is_finite() or exact < 0:
        raise click.BadParameter(f"{value!r} is not an amount; write it like 500.00")
    return exact


def price(value: str) -> tuple[int, Decimal]:
    """Return a period and its price, as in ``1=5.00``; ``click.BadParameter`` tells how to write them."""
    period, separator, digits = value.partition("=")
    if not separator or not re.fullmatch(r"-?[0-9]{1,9}", period):
        raise click.BadParameter(f"{value!r} is not PERIOD=AMOUNT; write it like 1=5.00")
    return int(period), amount(digits)


def rate(value: str) -> Decimal:
    """Return a rate of exchange, above zero; ``click.BadParameter`` for what is none."""
    exact = amount(value)
    if not exact:
        raise click.BadParameter("a rate is above zero")
    return exact


def address(value: str) -> str:
    """Return an IP address in its canonical spelling; ``click.BadParameter`` when it is none."""
    try:
        return str(ip_address(value))
    except ValueError:
        raise click.BadParameter(f"{value!r} is not an IP address") from None


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
