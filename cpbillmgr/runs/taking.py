"""Taking one license from the pool: a saga of free changes in one row of the journal (reliability.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from cpbillmgr.errors import NotDone, Refused, RemoteError
from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.plan import Decision
from cpbillmgr.planner.facts import Facts
from cpbillmgr.planner.pool import why_not
from cpbillmgr.planner.taking import PUT_BACK, is_free_or_ours, put_back
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.ordering import begin
from cpbillmgr.runs.saga import Saga
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

    What is in doubt costs nothing: the next run reads the license and goes on forward.
    """
    child = decision.child
    if decision.operation is None:
        remote.check_ip(child.tariff, child.period, child.ip)
    taking = _Taking(site, remote, begin(site, decision))
    try:
        if decision.operation is None:
            taking.send()
            taking.name_one_of((decision.license or "", *decision.spares), facts.tariffs[child.tariff])
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

    def name_one_of(self, licenses: Sequence[str], tariff: Tariff) -> None:
        """Put our name on the first of these licenses that the remote hands out."""
        refusal = Refused("no license of the pool is left", where=self._remote.name)
        for license in licenses:
            if not self._reserve(license):
                continue
            try:
                self._name(tariff)
            except Refused as error:
                self._journal.refuse(self.operation, str(error), at=self._now())
                refusal = error
            else:
                return
        raise refusal

    def give_up(self, error: Refused) -> NoReturn:
        """Put a license that bears our name back into the pool, and close the row."""
        try:
            form = self.read()
            if is_free_or_ours(self.operation, form) and not form.is_free:
                if PUT_BACK not in self.operation.steps:
                    self.operation = self._journal.step(self.operation, PUT_BACK, at=self._now())
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

    def _name(self, tariff: Tariff) -> None:
        """Put our name on the license, if its form still shows it as fit as the plan thought it."""
        form = self.read()
        reason = why_not(form, tariff, self.operation.nodes, self._now().date())
        if reason is not None:
            raise Refused(f"license {form.id} cannot be taken: {reason}", where=self._remote.name)
        step = self.next_step(form)
        if step is not None:
            self.do(*step)
