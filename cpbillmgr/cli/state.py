"""``state``: the database that remembers everything."""

from __future__ import annotations

from pathlib import Path

import click

from cpbillmgr.cli.options.shared import Common, common_options, lock_option
from cpbillmgr.cli.terminal.json import print_json
from cpbillmgr.cli.views.agreement import answered


@click.group()
def state() -> None:
    """The state database: what is in it, copies of it."""


@state.command()
@common_options
def info(*, common: Common) -> int:
    """Tell where the state is, and what is in it."""
    from cpbillmgr.cli.terminal.screen import show_facts
    from cpbillmgr.runs.site import open_state, state_file
    from cpbillmgr.store.backups import contents

    path = state_file(common.where)
    with open_state(common.where, command="state info", writes=False) as opened:
        found = contents(opened)
    size = path.stat().st_size if path.exists() else 0
    if common.as_json:
        shown = {"file": str(path), "bytes": size, "state_schema": found.schema, "looks": found.looks}
        print_json({"schema": "cpbillmgr/state/1", **shown, "counts": found.counts})
        return 0
    show_facts(
        {
            "file": str(path),
            "size": f"{size} bytes" if size else "no file yet",
            "schema": str(found.schema),
            **{what: str(number) for what, number in found.counts.items()},
            **{f"last look at {remote}": at for remote, at in found.looks.items()},
        }
    )
    return 0


@state.command()
@click.argument("file", type=click.Path(path_type=Path))
@common_options
def backup(*, common: Common, file: Path) -> int:
    """Copy the state into a new FILE, also while a run works on it."""
    from cpbillmgr.runs.site import open_state
    from cpbillmgr.store.backups import back_up

    with open_state(common.where, command="state backup", writes=False) as opened:
        back_up(opened, file)
    _tell(common, "backup", file, f"Copied the state into {file}.")
    return 0


@state.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only check that the backup is whole.")
@lock_option
@common_options
def restore(*, common: Common, file: Path, yes: bool, dry_run: bool, lock_timeout: float) -> int:
    """Put the backup FILE in the place of the state. The state that was there is kept beside it.

    What was bought since the backup is found again at the remote, by the marks on its licenses.
    """
    from cpbillmgr.runs.site import state_file
    from cpbillmgr.store.backups import restore as run
    from cpbillmgr.store.lock import hold_lock

    path = state_file(common.where)
    run(file, path, dry_run=True)
    if dry_run:
        _tell(common, "restore", file, f"{file} is a whole backup.")
        return 0
    if not yes and not answered(lambda: click.confirm(f"Replace {path} by {file}?", err=True), "Give --yes"):
        raise click.Abort
    with hold_lock(path, "state restore", lock_timeout):
        kept = run(file, path)
    told = f"Restored {path} from {file}." + (f" The state before is kept in {kept}." if kept else "")
    _tell(common, "restore", file, told)
    return 0


def _tell(common: Common, what: str, file: Path, words: str) -> None:
    if common.as_json:
        print_json({"schema": f"cpbillmgr/{what}/1", "file": str(file)})
    elif not common.quiet:
        click.echo(words)
