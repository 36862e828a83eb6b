"""Findings: what an audit tells, each of one class."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from cpbillmgr.model.money import Money, totals


class Kind(StrEnum):
    """The classes, the most specific first: a license or a child is told once, under the first that fits.

    Dirt is to be mended; the rest is information, and an account with nothing else is clean.

    =========================  =====  ================================  ====================================
    class                      dirt   is                                at stake
    =========================  =====  ================================  ====================================
    in doubt                   no     an operation that runs settle     what the operation costs
    waits for a person         yes    an operation that they do not     what the operation costs
    releasing                  no     given up, its day not come yet    what is left of the license
    linked to vanished         yes    a link, its license gone          what another license costs
    not issued                 yes    a certificate that has failed     what its period costs
    request lost               yes    of a certificate, with its key    what is left of the certificate
    not fetched                yes    an issued certificate's files     what is left of the certificate
    wrong domain               yes    a certificate for another one     what is left of the certificate
    unknown name               yes    a wish that nobody understands    what is left of its license
    contradicted link          yes    name or remote id of another      what is left of the license
    double                     yes    a second license for one need     what is left of the second one
    renewing for nobody        yes    the remote renews it by itself    one renewal
    license without service    yes    bought by us, wanted no more      what is left of the license
    adopted without service    yes    linked, not bought by us          what is left of the license
    module without panel       yes    not on its panel's license        what is left of the module
    wrong tariff               yes    another one than is asked for     the difference in price for one period
    other amounts              yes    more or fewer nodes, or the like  what the change costs
    wrong IP                   yes    elsewhere than its service        what is left of the license
    status drift               yes    stopped or started otherwise      what is left of the license
    not renewed                yes    wanted, and ends all the same     one renewal
    expiring                   no     renewed by the next checkevent    one renewal
    wrong period               no     the next renewal changes it       one renewal, for the new period
    service without license    yes    what fixchilds would see to       what another license costs
    paid but idle              no     of the pool, or left to end       what is left of the license
    stranger                   no     nobody's that we know             what is left of the license
    =========================  =====  ================================  ====================================

    What is left is worked out in ``worth``, a renewal in ``renewal``; ``None`` is not known.
    """

    IN_DOUBT = "in doubt"
    FOR_A_PERSON = "waits for a person"
    RELEASING = "releasing"
    VANISHED = "linked to vanished"
    NOT_ISSUED = "not issued"
    REQUEST_LOST = "request lost"
    NOT_FETCHED = "not fetched"
    WRONG_DOMAIN = "wrong domain"
    UNKNOWN_NAME = "unknown name"
    CONTRADICTED = "contradicted link"
    DOUBLE = "double"
    RENEWING = "renewing for nobody"
    WITHOUT_SERVICE = "license without service"
    ADOPTED_WITHOUT_SERVICE = "adopted without service"
    WITHOUT_PANEL = "module without panel"
    WRONG_TARIFF = "wrong tariff"
    OTHER_AMOUNTS = "other amounts"
    WRONG_IP = "wrong IP"
    STATUS_DRIFT = "status drift"
    NOT_RENEWED = "not renewed"
    EXPIRING = "expiring"
    WRONG_PERIOD = "wrong period"
    WITHOUT_LICENSE = "service without license"
    IDLE = "paid but idle"
    STRANGER = "stranger"

    @property
    def is_dirt(self) -> bool:
        """Whether it is to be mended."""
        return self not in _INFORMATION


_INFORMATION = (
    Kind.IN_DOUBT,
    Kind.RELEASING,
    Kind.EXPIRING,
    Kind.WRONG_PERIOD,
    Kind.IDLE,
    Kind.STRANGER,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that an audit tells of a remote.

    ``service`` and ``addon`` are the child's, where there is one. ``amount`` is at stake. ``mend`` is the
    command line that puts it right; words in capitals are for a person to fill in, and it is empty where a
    person has to decide or act first, as ``why`` tells, or nothing is to be done now. ``protected`` licenses
    no run touches.
    """

    remote: str
    kind: Kind
    why: str
    service: str | None = None
    addon: str | None = None
    license: str | None = None
    ip: str = ""
    amount: Money | None = None
    mend: str = ""
    protected: bool = False

    @property
    def is_dirt(self) -> bool:
        """Whether it is to be mended; a protected license is as a person wants it, until it ends."""
        return self.kind.is_dirt and (not self.protected or self.kind is Kind.NOT_RENEWED)


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit of these remotes has found; ``in_order`` linked children are as they should be."""

    remotes: tuple[str, ...]
    findings: tuple[Finding, ...]
    in_order: int

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to mend."""
        return not any(each.is_dirt for each in self.findings)


def at_stake(findings: Iterable[Finding]) -> tuple[Money, ...]:
    """Return what these findings put at stake together, by currency."""
    return totals(each.amount for each in findings if each.amount is not None)
