"""The last filter of every stream: a secret that has come through everything else is not shown."""

from __future__ import annotations

import io
import subprocess
import sys

from cpbillmgr.cli.terminal.redaction import Redacting
from cpbillmgr.model.secret import Secret

SCRIPT = """
import sys
from cpbillmgr.cli import main
from cpbillmgr.model.secret import Secret
Secret("hunter2-hunter2")
def run(words):
    print("out hunter2-hunter2")
    print("err hunter2-hunter2", file=sys.stderr)
    raise RuntimeError("hunter2-hunter2")
main.run = run
main.main()
"""


def test_a_secret_is_hidden_wherever_it_stands_in_a_text() -> None:
    Secret("correct horse")
    stream = io.StringIO()
    assert Redacting(stream).write("a correct horse, correct horses\n") == 32
    assert stream.getvalue() == "a ***, ***s\n"


def test_a_value_too_short_to_be_told_from_words_is_left() -> None:
    Secret("on")
    stream = io.StringIO()
    Redacting(stream).write("gone on\n")
    assert stream.getvalue() == "gone on\n"


def test_output_errors_and_tracebacks_go_through_the_filter() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert done.stdout == "out ***\n"
    assert done.stderr.startswith("err ***\n")
    assert done.stderr.endswith("RuntimeError: ***\n")
    assert "hunter2" not in done.stdout + done.stderr.replace(SCRIPT, "")
