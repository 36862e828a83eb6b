"""Progress bars: how much of long work is done, how fast it goes, how long it will take."""

from __future__ import annotations

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

SLOW = 1.0  # in a second; what is slower is counted by the minute


class Bars:
    """Bars on stderr, a line for each kind of work, cleared away when they are stopped."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(compact=True, elapsed_when_finished=True),
            console=Console(stderr=True),
            transient=True,
            expand=True,
        )
        self._tasks: dict[str, TaskID] = {}
        self._progress.start()

    def show(self, what: str, done: int, total: int) -> None:
        """Show how much of something is done; a ``total`` of 0 is not known."""
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=None)
        self._progress.update(self._tasks[what], completed=done, total=total or None)

    def stop(self) -> None:
        """Clear the bars away."""
        self._progress.stop()


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        """Return how many are done in a second or a minute, nothing while that is not known."""
        speed = task.finished_speed or task.speed
        if not speed:
            return Text()
        return Text(f"{speed:,.0f}/s" if speed >= SLOW else f"{speed * 60:,.0f}/min")
