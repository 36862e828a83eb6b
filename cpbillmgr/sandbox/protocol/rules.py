"""The rules of the business, by the world's clock; each is invented or documented as its docstring says."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from cpbillmgr.sandbox.protocol.refusals import Refused
from cpbillmgr.sandbox.world.nouns import (
    ACTIVE,
    DAY,
    DELETED,
    FREE_IP,
    LIFETIME,
    ORDERED,
    PROCESSING,
    SUSPENDED,
    TRIAL,
    License,
    Moment,
    World,
)

TRIAL_DAYS = 14
DAYS_UNTIL_DELETED = 30
DAYS_BETWEEN_CHANGES = 31
TRIAL_PAUSE_MONTHS = 6
LIFETIME_PAUSE_MONTHS = 3


def months_later(start: date, months: int) -> date:
    """Return the same day some months later, or that month's last day when it is shorter."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def end(start: date, length: int) -> date | None:
    """Return when a period of a length that starts on a day ends.

    ========  =====================
    length    end
    ========  =====================
    > 0       so many months later
    0         never (lifetime)
    -50       a day later
    -100      14 days later (trial)
    ========  =====================
    """
    if length == LIFETIME:
        return None
    if length == TRIAL:
        return start + timedelta(days=TRIAL_DAYS)
    if length == DAY:
        return start + timedelta(days=1)
    return months_later(start, length)


def status(license: License, moment: Moment) -> int:
    """Return the status that a license has now (documented; the day itself is invented).

    =============  =============================  ==============
    kept status    when                           status now
    =============  =============================  ==============
    active         until ``opens_at``             processing
    active         from the day of expiry         suspended
    active,        30 days after expiry           deleted
    suspended
    others, else                                  as kept
    =============  =============================  ==============
    """
    kept, expires = license.status, license.expiredate
    if kept not in {ACTIVE, SUSPENDED}:
        return kept
    if expires is not None and expires <= moment.today:
        overdue = (moment.today - expires).days
        return DELETED if overdue >= DAYS_UNTIL_DELETED else SUSPENDED
    if kept == ACTIVE and license.opens_at is not None and moment.real < license.opens_at:
        return PROCESSING
    return kept


def check_status(license: License, moment: Moment) -> None:
    """Refuse what can only be done to an active or a suspended license."""
    found = status(license, moment)
    if found not in {ACTIVE, SUSPENDED}:
        raise Refused("status", value=str(found))


@lru_cache(maxsize=1024)
def family(tariff_name: str) -> str:
    """Return a tariff's product: the word that ends in "manager", else the first word, in lower case."""
    words = tariff_name.lower().split()
    return next((word for word in words if word.endswith("manager")), words[0] if words else "")


def check_ip(world: World, product: str, ip: str, moment: Moment, *, but: int = 0) -> None:
    """Refuse a second license of a product on an IP (the partner offer, 7.11); 0.0.0.0 is free for all.

    Licenses of other accounts count too. ``but`` is not looked at.

    =========================================  ==============
    license of the product on the IP           in the way
    =========================================  ==============
    in the cart, or deleted                    no
    a suspended trial                          no
    a lifetime one, bought or given its key    no
    three months ago or earlier
    any other                                  yes
    =========================================  ==============
    """
    if ip != FREE_IP and any(
        other.id != but and not _gives_way(world, other, moment) for other in _on_ip(world, product, ip)
    ):
        raise Refused("ip_taken", value=ip)


def check_trial(world: World, product: str, ip: str, moment: Moment) -> None:
    """Refuse a trial of a product on an IP until six months after another's end, except on 0.0.0.0.

    The six months are the partner offer's (3.11.2), also of a trial that was deleted; that they count from
    its end is invented.
    """
    for other in _on_ip(world, product, ip):
        ended = other.expiredate or moment.today
        if (
            world.length(other) == TRIAL
            and ip != FREE_IP
            and moment.today < months_later(ended, TRIAL_PAUSE_MONTHS)
        ):
            raise Refused("trial_used", value=ip)


def _on_ip(world: World, product: str, ip: str) -> Iterator[License]:
    for license in world.licenses.values():
        if license.ip == ip and family(world.tariffs[license.pricelist].name) == product:
            yield license


def _gives_way(world: World, license: License, moment: Moment) -> bool:
    now = status(license, moment)
    if now in {ORDERED, DELETED} or (now == SUSPENDED and world.length(license) == TRIAL):
        return True
    refreshed = max(filter(None, (license.createdate, license.lickey_change_date)), default=moment.today)
    return license.expiredate is None and moment.today >= months_later(refreshed, LIFETIME_PAUSE_MONTHS)


def check_change(kind: str, last: date | None, today: date) -> None:
    """Refuse a second change of IP or key within a calendar month and 31 days of the last one.

    No calendar month is longer than 31 days, so these decide (the partner offer, 7.7; for keys invented).
    """
    if last is not None and today < last + timedelta(days=DAYS_BETWEEN_CHANGES):
        raise Refused(kind, value=str(last + timedelta(days=DAYS_BETWEEN_CHANGES)))


def renewed_until(world: World, license: License, period: int, moment: Moment) -> date | None:
    """Return the new expiry: an active license goes on from its expiry, another one starts again today."""
    start = license.expiredate if status(license, moment) == ACTIVE else None
    return end(start or moment.today, world.tariffs[license.pricelist].length(period))


def renewed(world: World, license: License, period: int, moment: Moment) -> License:
    """Return a license that is renewed for a period, which starts a stopped one."""
    until = renewed_until(world, license, period, moment)
    return replace(license, status=ACTIVE, expiredate=until, period=period)


def shortage(world: World, amount: Decimal) -> Refused | None:
    """Return the refusal of a purchase that balance and credit limit do not cover, with all seven params."""
    account = world.account
    if amount <= account.available:
        return None
    return Refused(
        "no_money",
        amount=f"{amount:f}",
        have=f"{account.balance:f}",
        currency=account.currency,
        deficit=f"{amount - account.available:f}",
        limit=f"{account.credit_limit:f}",
        reserved="0.00",
        available=f"{account.available:f}",
    )
