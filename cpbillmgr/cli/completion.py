"""``completion``: the script that teaches a shell our words."""

from __future__ import annotations

import click


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(*, shell: str) -> None:
    """Print the completion script for SHELL.

    For bash, for instance: cpbillmgr completion bash > /etc/bash_completion.d/cpbillmgr
    """
    from click.shell_completion import get_completion_class

    from cpbillmgr.cli.main import cpbillmgr

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(kind(cpbillmgr, {}, "cpbillmgr", "_CPBILLMGR_COMPLETE").source())
