"""Changing one license that is there: renew, release, move, change its tariff or its amounts."""

from __future__ import annotations

from datetime import date

from cpbillmgr.errors import LimitReached, LimitRefused, NotDone, Refused, RemoteError
from cpbillmgr.model.operations import State
from cpbillmgr.model.plan import Action, Decision
from cpbillmgr.planner.basis.facts import Facts
from cpbillmgr.planner.pool.handing_out import usable_from
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.acting.ordering import begin
from cpbillmgr.runs.acting.saga import Saga
from cpbillmgr.runs.site import Site


def change(site: Site, remote: RemoteBilling, facts: Facts, decision: Decision) -> str:
    """Carry out a decision about a license that is there, and return the license's id.

    ======================================  ==================  ======================
    what happens                            the journal's row   raised
    ======================================  ==================  ======================
    a limit of ours forbids it              failed              ``LimitReached``
    a release: the address must stay yet    manual, with a day  ``Refused``
    the remote refuses, after a doubt       manual              ``Refused``
    the remote refuses otherwise            failed              ``Refused``
    there is no connection to begin with    failed              ``NotDone``
    a connection or an answer fails         in doubt            ``MaybeDone``
    everything is done                      done                -
    ======================================  ==================  ======================

    An operation that is open already is gone on with: sent once more if it was absent, else only finished.
    What refuses it then says nothing of the call whose answer was lost: that one may still be carried out.
    """
    saga = Saga(site, remote, begin(site, decision), facts.tariffs)
    try:
        if saga.operation.state in (State.PLANNED, State.ABSENT):
            saga.send()
        saga.finish()
    except LimitReached as error:
        site.state.journal.failed(saga.operation, str(error), at=site.now(), failure=error.kind)
        raise
    except Refused as error:
        if isinstance(error, LimitRefused) and decision.action is Action.RELEASE:
            saga.hand_over(_not_yet(saga, error))
        if saga.operation.state is State.IN_DOUBT:
            saga.hand_over(_after_a_doubt(saga, error))
        saga.fail(error)
    except RemoteError as error:
        if isinstance(error, NotDone) and saga.is_untouched:
            saga.fail(error)
        saga.leave_open(error)
    return saga.done()


def _after_a_doubt(saga: Saga, error: Refused) -> Refused:
    """Return a refusal that tells what a person should know before closing the operation."""
    what = f"the {saga.operation.action} of license {saga.license}"
    return Refused(
        f"{what} is refused now, and may still happen by an earlier call: {error.message}",
        where=error.where,
        hint=f"When that is sure, run 'cpbillmgr operation restart {saga.operation.id}' or 'cancel'",
    )


def _not_yet(saga: Saga, error: Refused) -> Refused:
    """Return a refusal that tells from when on the license can be freed, where its form tells it."""
    try:
        day: date | None = usable_from(saga.read())
    except RemoteError:
        day = None
    when = f"it can be freed from {day}" if day else "it cannot be freed yet"
    return LimitRefused(
        f"license {saga.license} is suspended, and {when}: {error.message}",
        where=error.where,
        hint=f"Run 'cpbillmgr operation restart {saga.operation.id}' then",
    )
