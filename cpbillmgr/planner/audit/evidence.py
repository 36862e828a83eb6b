"""The evidence of an audit: both sides, and what follows from them, looked up by many classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from cpbillmgr.model.command import command
from cpbillmgr.model.licenses import License
from cpbillmgr.model.mark import Mark
from cpbillmgr.model.money import Money
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.model.rules import Rules
from cpbillmgr.model.services import Child, Status, is_on_its_own
from cpbillmgr.planner.audit.findings import Finding, Kind
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.basis.matching import Key
from cpbillmgr.planner.changes.following import Linked, Standing
from cpbillmgr.planner.pool.money_left import money_left


@dataclass(frozen=True)
class Evidence:
    """What an audit judges of one remote.

    ``facts`` are one look, open operations settled as far as it tells. ``children`` are what all services ask
    for; ``unmet`` says of the other wishes why nobody understands them. ``given`` is what ``fixchilds`` would
    do for children without a license. ``linked`` are licenses whose service wants something of them, nothing
    of them under way. ``bought`` are licenses that our journal has ordered or taken. ``option`` names the
    remote in commands, where there are several.
    """

    facts: Facts
    standing: Standing
    rules: Rules
    children: Mapping[Key, Child]
    unmet: Mapping[Key, str]
    given: Mapping[Key, Decision]
    linked: tuple[Linked, ...]
    bought: frozenset[str] = frozenset()
    option: tuple[str, ...] = ()

    @cached_property
    def unlinked(self) -> Sequence[License]:
        """The licenses that are linked to nothing, and would not be.

        Those that are deleted, or being changed, are left out; so are certificates with another in their
        place, which end by themselves.
        """
        kept = {each.license for each in self.given.values() if each.action is Action.LINK}
        kept |= self.facts.busy_licenses.keys()
        if not self.rules.product.can_change:
            kept |= self.facts.replaced.keys()
        return [
            license
            for license in self.facts.licenses.values()
            if license.id not in self.facts.owners
            and license.id not in kept
            and license.status is not Status.DELETED
        ]

    def wants(self, key: Key) -> bool:
        """Return whether a child goes on to want its license; one that was ordered on its own does."""
        if is_on_its_own(key[0]):
            return True
        return key in self.standing.demands and not self.standing.gives_up(key)

    def our_mark(self, license: License) -> Key | None:
        """Return the child that our own mark on a license names, if there is one."""
        mark = Mark.read(license.remoteid)
        return (mark.service, mark.addon) if mark and mark.installation == self.rules.installation else None

    def is_bought(self, license: License) -> bool:
        """Return whether we have bought a license, as far as our journal or its mark tells."""
        return license.id in self.bought or self.our_mark(license) is not None

    def left(self, license: License) -> Money | None:
        """Return what is left of a license."""
        return money_left(license, self.facts.today, self.facts.tariffs)

    def on_license(self, *words: str) -> str:
        """Return a command line that concerns one license of this remote."""
        return command("license", *words, *self.option)

    def found(
        self,
        kind: Kind,
        license: License,
        why: str,
        *,
        key: Key | None = None,
        amount: Money | None = None,
        mend: str = "",
    ) -> Finding:
        """Return a finding about a license, of a child where ``key`` or a link names one."""
        service, addon = key or self.facts.owners.get(license.id) or (None, None)
        protected = license.id in self.facts.protected
        if protected and kind is Kind.NOT_RENEWED:
            mend = " && ".join(filter(None, (self.on_license("unprotect", license.id), mend)))
        elif protected:
            why, mend = f"{why} (it is protected)", ""
        return Finding(
            self.facts.remote, kind, why, service, addon, license.id, license.ip, amount, mend, protected
        )
