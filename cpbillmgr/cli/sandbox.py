"""``sandbox``: the pretend remote, for trying things out."""

from __future__ import annotations

import json
from pathlib import Path

import click

WORLD = "world.json"


@click.group()
def sandbox() -> None:
    """A pretend remote with licenses, money and a clock."""


@sandbox.command()
@click.option("--world", type=click.Path(path_type=Path), default=WORLD, show_default=True, help="Its file.")
@click.option("--host", default="127.0.0.1", show_default=True, help="A loopback address.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free one.")
@click.option(
    "--generation",
    type=click.Choice(["5", "6"]),
    default="6",
    show_default=True,
    help="To put into settings.",
)
@click.option("--json", "as_json", is_flag=True, help="Tell how to log in as JSON, on one line.")
@click.option(
    "--fault", "faults", multiple=True, metavar="KIND[:FUNC[!][:COUNT]]", help="Mischief (repeatable)."
)
def serve(
    *, world: Path, host: str, port: int, generation: str, faults: tuple[str, ...], as_json: bool
) -> int:
    """Serve a world until interrupted, and print how to log in.

    A world that does not exist is made, with tariffs, prices and some licenses.

    Faults strike in turn. KIND is one of cut-before, cut-after, hang-before, hang-after, 500-before,
    500-after, 503, 429, redirect, half-header, half, html, empty; or any, which draws one of them each time;
    or none, which lets calls pass. FUNC is * for any function; with ! only changes are met. COUNT is N for
    the first N calls, * for all, 1/N for every Nth, P% for each with this probability; with @SEED behind it
    other things are drawn.
    """
    from cpbillmgr.errors import ConfigInvalid, Problem, UsageWrong
    from cpbillmgr.sandbox import Sandbox, WorldInvalid, new_world

    if not world.exists():
        world.write_text(json.dumps(new_world(), indent=2) + "\n", encoding="utf-8")
        click.echo(f"cpbillmgr: made a new world in {world}", err=True)
    try:
        served = Sandbox(world, host=host, port=port, faults=faults)
    except WorldInvalid as error:
        raise ConfigInvalid([Problem(str(world), None, str(error))]) from error
    except ValueError as error:
        raise UsageWrong(str(error)) from error
    except OSError as error:
        raise UsageWrong(f"the sandbox cannot be served: {error.strerror}", where=str(world)) from error
    with served:
        login = {
            "url": served.url,
            "user": served.user,
            "password": served.password,
            "generation": int(generation),
        }
        if as_json:
            click.echo(json.dumps({"schema": "cpbillmgr/sandbox/1", **login}))
        else:
            for key, value in login.items():
                click.echo(f"{key.ljust(10)} = {json.dumps(value)}")
        click.echo("cpbillmgr: serving; interrupt to end", err=True)
        served.wait()
    return 0
