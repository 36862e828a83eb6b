"""The lint of what stands beside the directive file: alignments, values of our enumeration, an approver.

==================================================================================  =======
what                                                                                is
==================================================================================  =======
an alignment that buys a period which no remote that it is for sells                error
an alignment that buys a longer period than is sold, while the pool is not used     warning
a value that means a tariff which our account may not order                         error
a value without a price of ours                                                     warning
a remote that sells certificates, and no approver                                   warning
==================================================================================  =======

Without the pool, what a customer leaves of a longer license is lost (semantics.md 9).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cpbillmgr.config.alignment import Alignment
from cpbillmgr.config.settings.schema import RemoteSettings, Settings
from cpbillmgr.config.wanted.periods import is_shorter
from cpbillmgr.errors import Problem
from cpbillmgr.model.catalogue import Tariff, length_text
from cpbillmgr.model.command import command
from cpbillmgr.model.local import EnumerationValue
from cpbillmgr.model.rules import Reuse, Rules
from cpbillmgr.model.services import Service


def unsold_alignments(
    settings: Settings, file: str, sold: Mapping[str, Mapping[int, Tariff]]
) -> Iterator[Problem]:
    """Yield a problem for each alignment of the settings whose period nobody sells.

    ==============  ===========================================================
    the alignment   is a problem where no tariff is sold for its period by
    ==============  ===========================================================
    names a remote  that one
    is for all      any remote of the settings
    ==============  ===========================================================

    ``sold`` are the tariffs of each remote whose price list is known; about the others nothing is said.
    """
    for each in settings.alignments:
        asked = [remote.name for remote in settings.remotes if each.remote in (None, remote.name)]
        tariffs = [tariff for name in asked for tariff in sold.get(name, {}).values()]
        if all(sold.get(name) for name in asked) and not any(
            each.into in tariff.prices for tariff in tariffs
        ):
            message = f"{each}: no tariff of {', '.join(asked)} is sold for that period"
            yield Problem(file, None, message, "See 'cpbillmgr tariff import' for what is sold")


def wasteful_alignments(
    alignments: Iterable[Alignment],
    file: str,
    rules: Rules,
    tariffs: Mapping[int, Tariff],
    services: Iterable[Service],
) -> Iterator[Problem]:
    """Yield a warning for each alignment whose licenses outlast their customers, and are not reused."""
    if rules.reuse is not Reuse.NEVER and (rules.generation.reuses_unasked or rules.reuse_licenses):
        return
    lengths = {each.period: each.months for each in services}
    for each in alignments:
        sold = each.months if each.months is not None else lengths.get(each.period)
        bought = _length(each.into, tariffs) if rules.generation.periods_are_ids else each.into
        if sold is not None and bought is not None and is_shorter(sold, bought):
            message = f"{each} buys {length_text(bought)} in place of {length_text(sold)}"
            yield Problem(file, None, f"{message}, and what a customer leaves of it is not reused", _TURN_ON)


def unsold_values(
    values: Iterable[EnumerationValue], tariffs: Mapping[int, Tariff], remote: str
) -> Iterator[Problem]:
    """Yield a problem for each value whose tariff a known price list of the remote does not have."""
    for each in values:
        if tariffs and each.tariff not in tariffs:
            message = f"value {each.name} means tariff {each.tariff}, which our account may not order"
            mend = command("enumeration", "set", each.name, "TARIFF", "--remote", remote)
            yield Problem("enumeration", None, message, f"Run '{mend}'")


def unpriced_values(values: Iterable[EnumerationValue], remote: str) -> Iterator[Problem]:
    """Yield a warning for each value that has no price of ours, and needs one for each period."""
    for each in values:
        if not each.prices:
            mend = command("enumeration", "set", each.name, "--price", "MONTHS=AMOUNT", "--remote", remote)
            yield Problem("enumeration", None, f"value {each.name} has no price of ours", f"Run '{mend}'")


def missing_approver(settings: Settings, remote: RemoteSettings, file: str) -> Iterator[Problem]:
    """Yield a warning where a remote sells certificates, and nobody is named who approves them."""
    if remote.product_type.is_certificate and settings.certificates.approver is None:
        message = f"remote {remote.name} sells certificates, and there is no approver of them"
        yield Problem(file, None, message, "Add 'approver = \"admin\"' to [certificates]")


_TURN_ON = "Set reuse = \"auto\"; a generation 4 remote's pool needs 'Option ReUseLicense', too"


def _length(period: int, tariffs: Mapping[int, Tariff]) -> int | None:
    lengths = (tariff.length(period) for tariff in tariffs.values() if period in tariff.prices)
    return next((length for length in lengths if length is not None), None)
