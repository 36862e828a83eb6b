"""Taking one license from the pool: a saga of free changes in one row of the journal (reliability.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from cpbillmgr.errors import MaybeDone, Refused, RemoteError
from cpbillmgr.model.changes import Edit, NewKey, Resume
from cpbillmgr.model.licenses import License
from cpbillmgr.model.operations import Operation, State
from cpbillmgr.model.plan import Decision
from cpbillmgr.planner.taking import is_free_or_ours, next_step, put_back
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.ordering import begin
from cpbillmgr.runs.site import Site


def take(site: Site, remote: RemoteBilling, decision: Decision) -> str:
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
            taking.name_one_of((decision.license or "", *decision.spares))
        taking.finish()
    except Refused as error:
        taking.give_up(error)
    except RemoteError as error:
        taking.leave_open(error)
    return taking.done()


class _Taking:
    """One take, and how far it has come."""

    def __init__(self, site: Site, remote: RemoteBilling, operation: Operation) -> None:
        self._journal = site.state.journal
        self._now = site.now
        self._run = site.run
        self._remote = remote
        self._operation = operation

    def name_one_of(self, licenses: Sequence[str]) -> None:
        """Put our name on the first of these licenses that the remote hands out."""
        self._operation = self._journal.send(self._operation, run=self._run, at=self._now(), max_spend=None)
        refusal = Refused("no license of the pool is left", where=self._remote.name)
        for license in licenses:
            if not self._reserve(license):
                continue
            try:
                self._name()
            except Refused as error:
                refusal = error
            else:
                return
        raise refusal

    def finish(self) -> None:
        """Do the steps that follow the first, as far as the license's form shows that they are left."""
        form = self._read()
        while (step := next_step(self._operation, form)) is not None:
            form = self._do(*step)

    def give_up(self, error: Refused) -> NoReturn:
        """Put a license that bears our name back into the pool, and close the row."""
        try:
            form = self._read()
            if is_free_or_ours(self._operation, form) and not form.is_free:
                self._remote.change(put_back(self._license))
        except RemoteError as second:
            why = f"license {self._license} could be neither taken nor put back: {error}; {second}"
            if self._operation.state is not State.MANUAL:
                self._journal.manual(self._operation, why, at=self._now())
            raise Refused(why, where=self._remote.name) from second
        self._journal.failed(self._operation, str(error), at=self._now())
        raise error

    def leave_open(self, error: RemoteError) -> NoReturn:
        """Record that it is not known how far the take came."""
        if self._operation.state is State.SENT:
            self._journal.doubt(self._operation, str(error), at=self._now())
        raise MaybeDone(
            f"it is not known whether license {self._license} was taken: {error}", where=self._remote.name
        ) from error

    def done(self) -> str:
        """Close the row, link the license, and return its id."""
        self._journal.done(self._operation, license=self._license, cost=None, at=self._now())
        return self._license

    @property
    def _license(self) -> str:
        return self._operation.license or ""

    def _read(self) -> License:
        return self._remote.license(self._license)

    def _reserve(self, license: str) -> bool:
        if license == self._license:
            return True
        reserved = self._journal.reserve(self._operation, license)
        self._operation = reserved or self._operation
        return reserved is not None

    def _name(self) -> None:
        form = self._read()
        if not form.is_free:
            raise Refused(f"license {form.id} is not free any more", where=self._remote.name)
        step = next_step(self._operation, form)
        if step is not None:
            self._do(*step)

    def _do(self, step: str, change: Edit | NewKey | Resume) -> License:
        """Carry one step out and return the form that shows it; a "yes" without a change is no success."""
        self._remote.change(change)
        self._operation = self._journal.step(self._operation, step, at=self._now())
        form = self._read()
        following = next_step(self._operation, form)
        if following is not None and following[0] == step:
            raise MaybeDone(f"the remote accepted '{step}' but the license shows no change")
        return form
