"""The rules of the house: what every file of the program must keep to."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
ROOMS = HOUSE / "cpbillmgr"
MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_FUNCTION = 45


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (HOUSE / folder).rglob("*.py"))


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("lint-imports",),
    ],
    ids=["linter", "formatter", "types", "imports"],
)
def test_the_tools_find_nothing(command: tuple[str, ...]) -> None:
    tool, *arguments = command
    run(str(Path(sys.executable).with_name(tool)), *arguments)


@pytest.mark.parametrize("path", python_files("cpbillmgr"), ids=lambda path: str(path.relative_to(HOUSE)))
def test_a_file_fits_on_a_few_screens_and_a_function_on_one(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES_OF_A_FILE
    for function in functions(path):
        body = [node for node in function.body if not _is_docstring(node)]
        lines = (function.end_lineno or 0) - body[0].lineno + 1 if body else 0
        assert lines <= MOST_LINES_OF_A_FUNCTION, f"{function.name} has {lines} lines"


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def test_every_room_says_what_it_is_for() -> None:
    for room in (path for path in ROOMS.iterdir() if (path / "__init__.py").exists()):
        assert ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))


def test_what_is_heavy_is_not_loaded_for_the_version() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from cpbillmgr.cli.main import run; run(['--version']); print(sorted(sys.modules))",
        ],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(ast.literal_eval(told.stdout.splitlines()[-1]))
    assert not {"cryptography", "httpx", "pydantic", "rich", "sqlite3"} & loaded


@pytest.mark.parametrize("words", ["checkevent", "fixchilds", "certificates"])
def test_what_cron_runs_loads_no_library_for_what_is_rare(words: str) -> None:
    code = f"import sys, cpbillmgr.cli.checkevent, cpbillmgr.runs.{words}; print(sorted(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], cwd=HOUSE, capture_output=True, text=True, check=True)
    assert not {"cryptography", "pydantic"} & set(ast.literal_eval(told.stdout))
