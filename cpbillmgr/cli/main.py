"""The command ``cpbillmgr``: which words there are, and what an error leaves behind."""

from __future__ import annotations

import errno
import gc
import io
import os
import re
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any, NoReturn, cast

import click

from cpbillmgr import __version__
from cpbillmgr.cli.terminal.redaction import Redacting
from cpbillmgr.errors import CpbillmgrError, UsageWrong

# Where each command stands; it is loaded when it is typed, for a cron tool must start quickly.
COMMANDS = {
    "apply": "cpbillmgr.cli.fixchilds:apply",
    "audit": "cpbillmgr.cli.audit:audit",
    "certificate": "cpbillmgr.cli.certificate:certificate",
    "checkevent": "cpbillmgr.cli.checkevent:checkevent",
    "completion": "cpbillmgr.cli.completion:completion",
    "config": "cpbillmgr.cli.config:config",
    "enumeration": "cpbillmgr.cli.enumeration:enumeration",
    "event": "cpbillmgr.cli.event:event",
    "fixchilds": "cpbillmgr.cli.fixchilds:fixchilds",
    "forecast": "cpbillmgr.cli.forecast:forecast",
    "license": "cpbillmgr.cli.license:license",
    "operation": "cpbillmgr.cli.operation:operation",
    "order": "cpbillmgr.cli.order:order",
    "pool": "cpbillmgr.cli.pool:pool",
    "remote": "cpbillmgr.cli.remote:remote",
    "sandbox": "cpbillmgr.cli.sandbox:sandbox",
    "service": "cpbillmgr.cli.service:service",
    "state": "cpbillmgr.cli.state:state",
    "status": "cpbillmgr.cli.status:status",
    "tariff": "cpbillmgr.cli.tariff:tariff",
}
INTERRUPTED = 130
PIPE_CLOSED = 141  # as a shell tells it: whoever read our output has gone
OUTPUT_FAILED = 74
# Licenses hold no cycles; to look for some after every 700 objects takes up to a third of a large run.
OBJECTS_BEFORE_COLLECTION = 1_000_000


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the words of all commands, in order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its word, or ``None``."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="cpbillmgr")
def cpbillmgr() -> None:
    """Give every server its control-panel license, from a remote BILLmanager, and pay for each once.

    Start with 'config init' and 'service import', then look at 'fixchilds --dry-run'.
    """


def main() -> None:
    """Run the command line and leave the exit code that cli.md promises."""
    gc.set_threshold(OBJECTS_BEFORE_COLLECTION)
    sys.stdout, sys.stderr = (Redacting(stream or io.StringIO()) for stream in (sys.stdout, sys.stderr))
    try:
        code = run(sys.argv[1:])
        sys.stdout.flush()
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.ENOSPC, errno.EIO, errno.EDQUOT):
            raise
        code = _output_failed(error)
    _leave(code)


def _leave(code: int) -> NoReturn:
    """End the process at once: to take apart all that it holds would take a tenth of its time.

    What has to last is on disk by now, and what was to be told is told.
    """
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(code)


def _output_failed(error: OSError) -> int:
    """Tell that the answer could not be written; what was done is done, and is in the journal."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno == errno.EPIPE:
        return PIPE_CLOSED
    click.echo(f"cpbillmgr: error: the answer could not be written: {error.strerror}", err=True)
    return OUTPUT_FAILED


def run(arguments: list[str]) -> int:
    """Carry one command line out and return its exit code; every error becomes one clear line.

    =============================  ===================
    what ends it                   exit code
    =============================  ===================
    a command's own result         what it returns
    wrong usage                    2
    an error of the error tree     the error's own
    interrupted                    130
    anything else                  1, with a traceback
    =============================  ===================
    """
    if any(not word.isprintable() and _is_broken(word) for word in arguments):
        return _fail(UsageWrong("an argument is not UTF-8 text"), arguments)
    try:
        result: Any = cpbillmgr.main(arguments, prog_name="cpbillmgr", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        click.echo("cpbillmgr: interrupted", err=True)
        return INTERRUPTED
    except SystemExit:  # click's way to say that our output has no reader any more
        return PIPE_CLOSED
    except click.exceptions.NoArgsIsHelpError as wrong:
        click.echo(wrong.format_message())
        return wrong.exit_code
    except click.ClickException as wrong:
        return _fail(_usage(wrong, arguments), arguments)
    except CpbillmgrError as error:
        return _fail(error, arguments)
    return result if isinstance(result, int) else 0


def _is_broken(word: str) -> bool:
    return any("\udc80" <= char <= "\udcff" for char in word)  # how Python keeps a byte that is not UTF-8


def _usage(wrong: click.ClickException, arguments: list[str]) -> UsageWrong:
    """Return what click says in our words, on one line."""
    context = getattr(wrong, "ctx", None)
    command = context.command_path if context else _command_path(arguments)
    message = " ".join(wrong.format_message().split()).rstrip(".")
    message = re.sub(r"a valid integer( range)?$", "a whole number", message)
    return UsageWrong(f"{message[:1].lower()}{message[1:]}", hint=f"See '{command} --help'")


def _command_path(arguments: list[str]) -> str:
    """Return the command that a line begins with, as far as its words are commands of ours."""
    path, found = ["cpbillmgr"], cast("click.Command | None", cpbillmgr)
    for word in arguments:
        found = found.get_command(click.Context(found), word) if isinstance(found, click.Group) else None
        if found is None:
            break
        path.append(word)
    return " ".join(path)


def _fail(error: CpbillmgrError, arguments: list[str]) -> int:
    from cpbillmgr.cli.terminal.errors import show_error

    show_error(error, as_json="--json" in arguments)
    return error.exit_code
