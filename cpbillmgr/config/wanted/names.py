"""From an add-on to the remote tariff of the license that it asks for (semantics.md 2)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from cpbillmgr.config.choice import Choice, Unresolved, first_of
from cpbillmgr.config.defaults import BUILT_IN, usual_family
from cpbillmgr.config.directives.file import Directives
from cpbillmgr.config.directives.tokens import is_word
from cpbillmgr.model.command import command
from cpbillmgr.model.generations import Generation
from cpbillmgr.model.known import KNOWN_TARIFFS, same_named
from cpbillmgr.model.local import EnumerationValue
from cpbillmgr.model.services import Addon, AddonKind

NO_LICENSE = frozenset({"", "nopanel", "off"})  # elements of an enumeration that ask for no license
_OFF, _ON = frozenset({"off", "0", "no", ""}), frozenset({"on", "1", "yes"})
_LEADING_ID = re.compile(r"([1-9][0-9]{0,8})(?:-.*)?", re.DOTALL)
_DIGITS = re.compile(r"[0-9]+")


class UnknownName(Unresolved):
    """A name that means no tariff; the hint tells the line to add."""


def wanted_name(addon: Addon) -> str | None:
    """Return the name that decides an add-on's tariff (semantics.md 2.2), ``None`` when it wants no license.

    ===========  ==================================  ================
    kind         value                               name
    ===========  ==================================  ================
    enumeration  empty, ``nopanel``, ``off``         none
    enumeration  another                             the value
    logic        ``off``, ``0``, ``no``, empty       none
    logic        ``on``, ``1``, ``yes``              the add-on's own
    logic        another                             ``Unresolved``
    ===========  ==================================  ================
    """
    value = addon.value.strip()
    if addon.kind is AddonKind.ENUMERATION:
        return None if value.casefold() in NO_LICENSE else value
    if value.casefold() in _OFF:
        return None
    if value.casefold() in _ON:
        return addon.name
    raise Unresolved(f"value '{value}' of a logic add-on is neither on nor off", "Write 'on' or 'off'")


def tariff_named(
    name: str, directives: Directives, generation: Generation, offered: Collection[int]
) -> Choice:
    """Return the remote tariff that a name means (semantics.md 2.3); the first row that applies decides.

    ====  =====================================================================  =====================
    step  rule                                                                   tariff
    ====  =====================================================================  =====================
    1     a ``Price`` line has the name                                          the line's
    2     one ``Price`` line has it in other letter case                         the line's, a warning
          several have                                                           ``Unresolved``
    3     our enumeration has the name as a value                                the value's
    4     it has it in other letter case                                         the value's, a warning
    5     built-in name of the generation (``Lite``, ``Prof``, ``Lite5``)        the built-in one
    6     built-in name in other letter case                                     the same, a warning
    7     all digits, or digits before a ``-``                                   these digits
    8     exactly one of the numbers in it is a known tariff                     that number
    9     otherwise                                                              ``UnknownName``
    ====  =====================================================================  =====================

    The directive file goes first: an original's file goes on to hold whatever we name beside it. A value
    without a price of ours has a warning. Built-in names come before ids, for ``Lite5`` contains 5, and there
    is a tariff 5. Known tariffs are those
    offered; when that is not known, the publicly known ones, with a warning. A tariff that is not offered is
    ``Unresolved``.
    """
    choice = first_of(
        (
            *_price_lines(name, directives),
            *_values(name, directives),
            *_built_in(name, generation),
            *_id_in_name(name, offered),
        )
    )
    if choice is None:
        raise UnknownName(
            f"the name '{name}' means no remote tariff", _line_to_add(name, directives, offered)
        )
    if offered and choice.value not in offered:
        raise _not_sold(name, choice, directives, offered)
    return choice


def _not_sold(name: str, choice: Choice, directives: Directives, offered: Collection[int]) -> Unresolved:
    title = KNOWN_TARIFFS.get(choice.value)
    named = f"tariff {choice.value}{f' ({title})' if title else ''}"
    twins = ", ".join(str(each) for each in same_named(choice.value) if each in offered)
    told = f" ({twins} is the one of that name)" if twins else ""
    return Unresolved(
        f"{named} for '{name}' is not sold to our account; it was chosen by {choice.because}",
        f"{_how_to_change(name, choice, directives)}{told}, or have the tariff sold to this account",
    )


def _how_to_change(name: str, choice: Choice, directives: Directives) -> str:
    if choice.line is not None:
        return "Change the line"
    value = _value(name, directives)
    if value is not None:
        return f"Run '{command('enumeration', 'set', value.name, 'TARIFF')}'"
    return f"Add the line 'Price {name} TARIFF' to {directives.name}"


def _price_lines(name: str, directives: Directives) -> Iterator[Choice]:
    folded = [line for line in directives.prices if line.name.casefold() == name.casefold()]
    exact = [line for line in folded if line.name == name]
    if not exact and len(folded) > 1:
        lines = " and ".join(str(line.line) for line in folded)
        raise Unresolved(
            f"'{name}' resembles the names of lines {lines} of {directives.name}, and is none of them",
            f"Add the line 'Price {name} TARIFF' to {directives.name}",
        )
    for line in exact or folded:
        warning = () if exact else (f"{directives.cite(line)} is taken for '{name}', in other letter case",)
        yield Choice(line.tariff, directives.cite(line), line.line, warnings=warning)


def _value(name: str, directives: Directives) -> EnumerationValue | None:
    """Return the value of our enumeration that a name means, also in other letter case."""
    named = directives.enumeration
    folded = (each for each in named.values() if each.name.casefold() == name.casefold())
    return named.get(name) or next(folded, None)


def _values(name: str, directives: Directives) -> Iterator[Choice]:
    value = _value(name, directives)
    if value is None:
        return
    warnings = []
    if value.name != name:
        warnings.append(f"enumeration value {value.name} is taken for '{name}', in other letter case")
    if not value.prices:
        warnings.append(
            f"enumeration value {value.name} has no price of ours; "
            f"'{command('enumeration', 'set', value.name, '--price', 'MONTHS=AMOUNT')}' sets one"
        )
    yield Choice(value.tariff, f"enumeration value {value.name}", warnings=tuple(warnings))


def _built_in(name: str, generation: Generation) -> Iterator[Choice]:
    known = next((known for known in BUILT_IN[generation] if known.casefold() == name.casefold()), None)
    if known is None:
        return
    label = "generation 4" if generation is Generation.FOUR else "generation 5 and 6"
    warnings = []
    if known != name:
        warnings.append(f"built-in name {known} is taken for '{name}', in other letter case")
    if known == "Prof" and generation is not Generation.FOUR:
        warnings.append("'Prof' means the old ISPmanager 4 Pro here; a Price line can give it another tariff")
    yield Choice(BUILT_IN[generation][known], f"built-in name {known} of {label}", warnings=tuple(warnings))


def _id_in_name(name: str, offered: Collection[int]) -> Iterator[Choice]:
    leading = _LEADING_ID.fullmatch(name)
    if leading:
        yield Choice(int(leading[1]), "the tariff id stands in the name")
        return
    numbers = {int(digits) for digits in _DIGITS.findall(name) if len(digits) < 10}
    known = [number for number in numbers if number in (offered or KNOWN_TARIFFS)]
    if len(known) == 1:
        guess = f"{known[0]} in '{name}' is taken for the tariff; the remote's price list was not looked at"
        yield Choice(known[0], "the only known tariff id in the name", warnings=() if offered else (guess,))


def _line_to_add(name: str, directives: Directives, offered: Collection[int]) -> str:
    if not is_word(name):
        set_it = "or name it with 'cpbillmgr enumeration set'"
        return f"Give it the tariff's id as name, {set_it}: this one cannot stand in a Price line"
    known = "; ".join(f"{id_} is {title}" for id_, title in _resembling(name, offered))
    return f"Add the line 'Price {name} TARIFF' to {directives.name}" + (f" ({known})" if known else "")


def _resembling(name: str, offered: Collection[int]) -> list[tuple[int, str]]:
    """Return up to three known tariffs that share most words with the name, of those that are offered."""
    words = {*re.findall(r"[a-z]+", name.casefold()), usual_family(name)}
    shared = {
        id_: len(words.intersection(title.casefold().split()))
        for id_, title in KNOWN_TARIFFS.items()
        if not offered or id_ in offered
    }
    best = sorted((id_ for id_ in shared if shared[id_]), key=lambda id_: -shared[id_])
    return [(id_, KNOWN_TARIFFS[id_]) for id_ in best[:3]]
