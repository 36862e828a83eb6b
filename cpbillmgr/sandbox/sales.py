"""What a purchase does: money is taken, a license is opened, a key is made."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from cpbillmgr.sandbox.call import Call
from cpbillmgr.sandbox.rules import end, shortage
from cpbillmgr.sandbox.world import ACTIVE, Charge, License, Moment, World


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
    delay = world.variants.open_delay_seconds
    return replace(
        new_key(world, license, moment.real),
        status=ACTIVE,
        expiredate=end(moment.today, world.length(license)),
        opens_at=moment.real + timedelta(seconds=delay) if delay else None,
    )


def new_key(world: World, license: License, received: datetime) -> License:
    """Return the license with another key, which is shown as soon as it is made."""
    delay = world.variants.key_delay_seconds
    key_at = received + timedelta(seconds=delay) if delay else None
    return replace(license, lickey=f"{license.id}-{secrets.token_hex(8)}", key_at=key_at)
