"""A saga: one operation on one license, in steps that the license's form shows as done (reliability.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from cpbillmgr.errors import MaybeDone, NotDone, NotFound, Refused, RemoteError, StateUnusable
from cpbillmgr.model.catalogue import Tariff
from cpbillmgr.model.changes import LicenseChange
from cpbillmgr.model.licenses import License
from cpbillmgr.model.operations import Operation, State, Step
from cpbillmgr.model.plan import Action
from cpbillmgr.planner.changes.changing import gone, next_step
from cpbillmgr.planner.safety import check_awake
from cpbillmgr.remote.billing import RemoteBilling
from cpbillmgr.runs.site import Site


class Saga:
    """One operation, and how far it has come. Each step is one remote call, and is in the journal."""

    def __init__(
        self, site: Site, remote: RemoteBilling, operation: Operation, tariffs: Mapping[int, Tariff]
    ) -> None:
        self.operation = operation
        self._tariffs = tariffs
        self._remote = remote
        self._journal = site.state.journal
        self._now = site.now
        self._run = site.run
        rules = site.wishes.rules
        self._max_spend = rules.limits.max_spend
        self._has_keys = rules.generation.has_keys and rules.product.has_keys

    @property
    def license(self) -> str:
        """The license that it is about."""
        return self.operation.license or ""

    def send(self) -> None:
        """Mark as sent; raises ``LimitReached``, and then nothing is sent."""
        self.operation = self._journal.send(
            self.operation, run=self._run, at=self._now(), max_spend=self._max_spend
        )

    def finish(self) -> None:
        """Do the steps that the license's form shows as left."""
        form = self.read()
        while (step := self.next_step(form)) is not None:
            form = self.do(*step)

    def next_step(self, form: License) -> tuple[Step, LicenseChange] | None:
        """Return the step that the license's form shows as the next one, or ``None`` when all is done."""
        return next_step(self.operation, form, has_keys=self._has_keys)

    def read(self) -> License:
        """Return the license as its form shows it now; one that is not there any more as deleted."""
        try:
            return self._remote.license(self.license)
        except NotFound:
            if self.operation.action is not Action.DELETE:
                raise
            return gone(self.operation)

    def do(self, step: Step, change: LicenseChange) -> License:
        """Carry one step out and return the form that shows it; a "yes" without a change is no success.

        Once the remote has said "yes", nothing is a refusal any more: ``MaybeDone`` for all that follows.
        """
        check_awake(self.operation, self._now())
        self._remote.change(change)
        self.operation = self._journal.step(self.operation, step, at=self._now())
        try:
            form = self.read()
            following = self.next_step(form)
        except RemoteError as error:
            raise MaybeDone(f"'{step}' was accepted, but does not show: {error.message}") from error
        if following is not None and following[0] == step:
            raise MaybeDone(f"'{step}' was accepted, but the license shows no change")
        return form

    @property
    def is_untouched(self) -> bool:
        """Whether no step is done since this run has marked it as sent: a ``NotDone`` then closes it."""
        return self.operation.state is State.SENT and not self.operation.steps

    def fail(self, error: NotDone) -> NoReturn:
        """Close the row: it certainly did not happen, or what happened has been undone."""
        self._journal.failed(self.operation, str(error), at=self._now(), failure=error.kind)
        raise error

    def hand_over(self, error: Refused) -> NoReturn:
        """Leave the row open for a person to decide."""
        if self.operation.state is not State.MANUAL:
            self._journal.manual(self.operation, error.message, at=self._now(), failure=error.kind)
        raise error

    def leave_open(self, error: RemoteError) -> NoReturn:
        """Record that it is not known how far it came; the next run looks."""
        if self.operation.state is State.SENT:
            self._journal.doubt(self.operation, str(error), at=self._now())
        what = f"the {self.operation.action} of license {self.license}"
        raise MaybeDone(
            f"it is not known how {what} ended: {error.message}", where=self._remote.name
        ) from error

    def done(self) -> str:
        """Close the row, with what that means for the link, and return the license's id."""
        cost = self.operation.cost
        try:
            self._journal.done(self.operation, license=self.license, cost=cost, at=self._now())
        except StateUnusable as error:
            raise StateUnusable(
                f"the {self.operation.action} of license {self.license} is done, but {error.message}",
                where=error.where,
                hint="The next run that can write finds it by the license itself",
            ) from error
        return self.license
