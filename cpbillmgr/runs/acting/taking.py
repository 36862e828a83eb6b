"""Taking one license from the pool: a saga of free changes in one row of the journal (reliability.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from cpbillmgr.errors import MaybeDone, NotDone, Refused, RemoteError
from cpbillmgr.model.licenses import License
from cpbillmgr.model.operations import Operation, Step
from cpbillmgr.model.plan import Decision
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.pool.handing_out import why_not
from cpbillmgr.planner.pool.taking import (
    bears_our_name,
    clearing,
    coming_back,
    is_free_or_ours,
    put_back,
)
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.acting.ordering import begin
from cpbillmgr.runs.acting.saga import Saga
from cpbillmgr.runs.site import Site


def take(site: Site, remote: RemoteBilling, facts: Facts, decision: Decision) -> str:
    """Give a child a license of the pool, which is paid already, and return its id.

    ==========================================  =======================  ==============================
    what happens                                the journal's row        raised
    ==========================================  =======================  ==============================
    the address may not have such a license     none                     ``Refused``
    the remote will not rename the license      turns to the next spare  -
    the same, and no spare is left              failed                   ``Refused``
    a later step is refused, it is put back     failed                   ``Refused``
    the same, and putting back is refused too   manual                   ``Refused``
    a connection or an answer fails             in doubt                 ``MaybeDone``
    everything is done                          done, and linked         -
    ==========================================  =======================  ==============================

    What is in doubt costs nothing: the next run reads the license and goes on forward. Where it comes in
    place of another license, that one leaves the address first, and comes back when none is taken.
    """
    child = decision.child
    if decision.operation is None and decision.replaces is None:
        remote.check_ip(child.tariff, child.period, child.ip)
    kind = _Taking if decision.replaces is None else _TakingInstead
    taking = kind(site, remote, begin(site, decision), facts.tariffs)
    try:
        if decision.operation is None:
            taking.send()
            taking.name_one_of((taking.license, *decision.spares))
        else:
            taking.go_on(decision.spares)
        taking.finish()
    except Refused as error:
        taking.give_up(error)
    except RemoteError as error:
        if isinstance(error, NotDone) and taking.is_untouched:
            taking.fail(error)
        taking.leave_open(error)
    return taking.done()


class _Taking(Saga):
    """The saga of a take: several licenses may be tried before one bears our name."""

    def go_on(self, spares: Sequence[str]) -> None:
        """Get an operation ready to go on: nothing is to be done, for its license bears our name."""

    def name_one_of(self, licenses: Sequence[str]) -> None:
        """Put our name on the first of these licenses that the remote hands out."""
        refusal = Refused("no license of the pool is left", where=self._remote.name)
        for license in licenses:
            if not self._reserve(license):
                continue
            form = self.read()
            error = self._unfit(form)
            if error is None:
                self.clear_the_way()
                error = self._name(form)
            if error is None:
                return
            self._journal.refuse(self.operation, str(error), at=self._now())
            refusal = error
        raise refusal

    def clear_the_way(self) -> None:
        """Make the address free: nothing is in the way of a license that comes in place of none."""

    def give_up(self, error: Refused) -> NoReturn:
        """Put a license that bears our name back into the pool, and close the row."""
        try:
            form = self.read()
            if is_free_or_ours(self.operation, form) and not form.is_free:
                if Step.PUT_BACK not in self.operation.steps:
                    self.operation = self._journal.step(self.operation, Step.PUT_BACK, at=self._now())
                self._remote.change(put_back(self.license))
        except Refused as second:
            what = f"license {self.license} could be neither taken nor put back"
            why = f"{what}: {error.message}; {second.message}"
            self.hand_over(Refused(why, where=self._remote.name))
        except RemoteError as second:
            self.leave_open(second)
        self._journal.refuse(self.operation, str(error), at=self._now())
        self.fail(error)

    def _reserve(self, license: str) -> bool:
        if license == self.license:
            return True
        reserved = self._journal.reserve(self.operation, license)
        self.operation = reserved or self.operation
        return reserved is not None

    def _unfit(self, form: License) -> Refused | None:
        """Return why a license does not fit, though the plan thought it did."""
        tariff = self._tariffs.get(self.operation.tariff)
        if tariff is None:
            reason: str | None = "its tariff is not sold any more"
        else:
            reason = why_not(form, tariff, self.operation.amounts, self._now().date())
        if reason is None:
            return None
        return Refused(f"license {form.id} cannot be taken: {reason}", where=self._remote.name)

    def _name(self, form: License) -> Refused | None:
        """Put our name on the license; return the refusal, if it is refused."""
        step = self.next_step(form)
        try:
            if step is not None:
                self.do(*step)
        except Refused as error:
            return error
        return None


class _TakingInstead(_Taking):
    """The saga of a take in place of the license that the child has (semantics.md 8).

    From the moment on when that one leaves the address, the child has none: nothing but another license, or
    the same one come back, ends it.
    """

    _has_cleared = False

    @property
    def is_untouched(self) -> bool:
        """Whether nothing is done yet, to either license."""
        return super().is_untouched and not self._has_cleared

    def go_on(self, spares: Sequence[str]) -> None:
        """Get an operation ready to go on: where its license does not bear our name, another is named."""
        if not bears_our_name(self.operation, self.read()):
            self.name_one_of((self.license, *spares))

    def clear_the_way(self) -> None:
        """Take the license that is replaced off the address, if it stands there."""
        change = clearing(self.operation, self._replaced(), self._tariffs)
        if change is None:
            return
        self._remote.change(change)
        self._has_cleared = True
        self.operation = self._journal.step(self.operation, Step.CLEARED, at=self._now())
        if clearing(self.operation, self._replaced(), self._tariffs) is not None:
            raise MaybeDone(f"'{Step.CLEARED}' was accepted, but license {change.license} shows no change")

    def give_up(self, error: Refused) -> NoReturn:
        """Have the child keep what it has now: a taken license that is not quite ready, else its own."""
        try:
            taken = bears_our_name(self.operation, self.read())
        except RemoteError as second:
            self.leave_open(second)
        if taken:
            self.done()
            raise error
        self._come_back(error)
        super().give_up(error)

    def _come_back(self, error: Refused) -> None:
        try:
            change = coming_back(self.operation, self._replaced())
            if change is not None:
                self._remote.change(change)
        except Refused as second:
            self.hand_over(_without_license(self.operation, error, second))
        except RemoteError as second:
            self.leave_open(second)

    def _replaced(self) -> License:
        return self._remote.license(self.operation.replaces or "")


def _without_license(operation: Operation, error: Refused, second: Refused) -> Refused:
    """Return what a person has to know when a child is left without any license on its address."""
    return Refused(
        f"service {operation.service} has no license on {operation.ip} now: license {operation.replaces} was"
        f" taken off it for {operation.license}, which was refused ({error.message}), and may not come back:"
        f" {second.message}",
        where=operation.remote,
        hint=f"Run 'cpbillmgr operation cancel {operation.id}', then 'cpbillmgr fixchilds'",
    )
