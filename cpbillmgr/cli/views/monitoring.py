"""What monitoring reads: one line for Nagios and its kin, metrics for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from cpbillmgr.cli.terminal.text import harmless
from cpbillmgr.model.money import Money
from cpbillmgr.model.notices import Level
from cpbillmgr.planner.health import LATE, TOO_LATE, Condition, Health, is_ahead
from cpbillmgr.runs.status import Status

UNKNOWN = int(Health.UNKNOWN)
Samples = Sequence[tuple[dict[str, str], str]]  # labels and value


def nagios_line(found: Status) -> str:
    """Return one line: the health, what is not well, and performance data."""
    health, sentences = found.verdict
    told = "; ".join(sentences) or ", ".join(_in_brief(each) for each in found.conditions)
    data = " ".join(part for each in found.conditions for part in _data(each, found.at))
    return f"CPBILLMGR {health.name} - {_plain(told)} | {data}"


def nagios_unknown(error: str) -> str:
    """Return the line that tells why nothing is known."""
    return f"CPBILLMGR UNKNOWN - {_plain(error)}"


def _in_brief(condition: Condition) -> str:
    balance = f", balance {condition.balance}" if condition.balance else ""
    return f"{condition.remote}: {condition.licenses} licenses{balance}"


def _data(condition: Condition, now: datetime) -> Iterator[str]:
    """Yield values with their thresholds, spelled 'label'=value[unit];[warning];[critical];[least]."""
    name = condition.remote
    if condition.checked_at is not None:
        age = now - condition.checked_at
        seconds = "U" if is_ahead(age) else f"{max(0, int(age.total_seconds()))}s"  # U: cannot be told
        late, too_late = int(LATE.total_seconds()), int(TOO_LATE.total_seconds())
        yield f"'{name} checkevent age'={seconds};{late};{too_late};0"
    if condition.balance is not None:
        least = f"{condition.minimal_balance:.2f}:" if condition.minimal_balance is not None else ""
        yield f"'{name} balance'={condition.balance.digits};{least}"
    yield f"'{name} licenses'={condition.licenses};;;0"
    yield f"'{name} in doubt'={condition.in_doubt};0;;0"
    yield f"'{name} for a person'={condition.for_a_person};;0;0"
    yield f"'{name} warnings'={condition.count(Level.WARNING)};0;;0"
    yield f"'{name} alarms'={condition.count(Level.ALARM, Level.LAST)};;0;0"
    yield f"'{name} pool'={condition.pool};;;0"


def _plain(text: str) -> str:
    """Return text on one line, without the bar behind which performance data begin."""
    return harmless(text).replace("|", "/")


_METRICS: tuple[tuple[str, str, Callable[[Condition], Samples]], ...] = (
    (
        "last_look_timestamp_seconds",
        "When the license list was last recorded.",
        lambda each: _moment(each.looked_at),
    ),
    (
        "last_checkevent_timestamp_seconds",
        "When checkevent last looked.",
        lambda each: _moment(each.checked_at),
    ),
    ("licenses", "Licenses in the last list.", lambda each: [({}, str(each.licenses))]),
    (
        "balance",
        "What the account had when it was last asked, less what was paid since.",
        lambda each: [_money(each.balance)] if each.balance else [],
    ),
    (
        "balance_timestamp_seconds",
        "When the balance was last asked for.",
        lambda each: _moment(each.balance_at),
    ),
    (
        "operations",
        "Open operations.",
        lambda each: [
            ({"state": "in doubt"}, str(each.in_doubt)),
            ({"state": "for a person"}, str(each.for_a_person)),
        ],
    ),
    (
        "notices",
        "Notices in force.",
        lambda each: [({"level": level.name.lower()}, str(each.count(level))) for level in Level],
    ),
    ("pool_licenses", "Paid licenses that nobody uses.", lambda each: [({}, str(each.pool))]),
    ("pool_usable_licenses", "Those of them that can be used now.", lambda each: [({}, str(each.usable))]),
    ("pool_idle", "What is left of what they cost.", lambda each: [*map(_money, each.idle)]),
)
"""Of each remote: a metric's name without prefix, what it tells, and its samples (labels and value)."""


def prometheus_lines(found: Status) -> Iterator[str]:
    """Yield the lines of Prometheus' text format; a metric without samples is left out."""
    for name, told, samples_of in _METRICS:
        samples = [
            ({"remote": each.remote, **labels}, value)
            for each in found.conditions
            for labels, value in samples_of(each)
        ]
        yield from _metric(name, told, samples)
    done = [({"command": command}, str(int(at.timestamp()))) for command, at in found.done.items()]
    yield from _metric("last_done_timestamp_seconds", "When a command last changed anything.", done)


def _metric(name: str, told: str, samples: Samples) -> Iterator[str]:
    if samples:
        yield f"# HELP cpbillmgr_{name} {told}"
        yield f"# TYPE cpbillmgr_{name} gauge"
    for labels, value in samples:
        spelled = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
        yield f"cpbillmgr_{name}{{{spelled}}} {value}"


def _moment(at: datetime | None) -> Samples:
    return [] if at is None else [({}, str(int(at.timestamp())))]


def _money(money: Money) -> tuple[dict[str, str], str]:
    return {"currency": money.currency}, money.digits


def _escaped(text: str) -> str:
    return harmless(text).replace("\\", "\\\\").replace('"', '\\"')
