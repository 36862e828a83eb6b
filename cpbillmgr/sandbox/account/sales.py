"""What a purchase does: money is taken, a license is opened, a key is made."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from cpbillmgr.sandbox.protocol.call import Call
from cpbillmgr.sandbox.protocol.rules import end, shortage
from cpbillmgr.sandbox.world.certificates import REQUESTED, Certificate
from cpbillmgr.sandbox.world.nouns import ACTIVE, PROCESSING, Charge, License, Moment, World


def pay(world: World, call: Call, license: License, amount: Decimal) -> None:
    """Take an amount from the balance and write it down, or refuse for lack of money."""
    refused = shortage(world, amount)
    if refused:
        raise refused
    if amount:
        world.account = replace(world.account, balance=world.account.balance - amount)
        now = world.moment(call.received).now
        world.charges.append(Charge(now, call.func, license.id, amount))


def opened(world: World, license: License, moment: Moment) -> License:
    """Return an ordered license as it is when it has been paid."""
    paid = replace(
        new_key(world, license, moment.real),
        status=ACTIVE,
        expiredate=end(moment.today, world.length(license)),
        opens_at=_after(moment.real, world.variants.open_delay_seconds),
    )
    return paid if paid.certificate is None else _enrolled(world, paid, paid.certificate, moment)


def _enrolled(world: World, license: License, certificate: Certificate, moment: Moment) -> License:
    """Return a certificate's license when its request has been sent on; the status is the variant's."""
    sent = replace(
        certificate,
        service_status=REQUESTED,
        waits_at=_after(moment.real, world.variants.enroll_delay_seconds),
    )
    status = PROCESSING if world.variants.certificate_status == "processing" else ACTIVE
    return replace(license, status=status, certificate=sent)


def new_key(world: World, license: License, received: datetime) -> License:
    """Return the license with another key, which is shown as soon as it is made."""
    key_at = _after(received, world.variants.key_delay_seconds)
    return replace(license, lickey=f"{license.id}-{secrets.token_hex(8)}", key_at=key_at)


def _after(start: datetime, seconds: int) -> datetime | None:
    """Return the real time at which a delay ends, if there is any."""
    return start + timedelta(seconds=seconds) if seconds else None
