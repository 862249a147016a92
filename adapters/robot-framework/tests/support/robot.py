"""Runs a real Robot Framework and other programs in separate processes."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
import sys
from pathlib import Path

from robot.api import ExecutionResult

TESTS = Path(__file__).parent.parent
PROJECT = TESTS.parent.parent.parent
LIBRARY = TESTS.parent / "python"
EXAMPLE = PROJECT / "examples" / "robot" / "release-day"
SCRIPTS = Path(sys.executable).parent
_SECONDS = 900


def environment(**more: str) -> dict[str, str]:
    """The environment of a run: the source of the library, the tools beside this Python, and additional variables"""
    paths = f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PYTHONPATH": str(LIBRARY), "PATH": paths, **more}


def run(*command: object, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs a program and returns its outputs as text, after it and its child processes have closed them"""
    return subprocess.run(
        [str(part) for part in command],
        env=environment(**more),
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=_SECONDS,
        check=False,
        # In a separate process group, like in a terminal: a signal to the group does not reach the tests.
        start_new_session=True,
    )


def robot(output: Path, *arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs `robot --rpa` with its outputs in a folder"""
    return run(sys.executable, "-m", "robot", "--rpa", "--outputdir", output, *arguments, **more)


def statuses(output: Path) -> dict[str, str]:
    """The status of each task by its full name"""
    result = ExecutionResult(str(output / "output.xml"))
    return {task.full_name: task.status for task in result.suite.all_tests}


def stand_in(folder: Path) -> dict[str, str]:
    """The environment in which `serve` is `stand_in.py`, which writes its input to `log`"""
    program = folder / "azdo-bot"
    script = TESTS / "support" / "stand_in.py"
    real = os.environ["AZDO_BOT"]
    program.write_text(f'#!/bin/sh\n[ "$1" = serve ] && exec "{sys.executable}" "{script}"\nexec "{real}" "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return {"AZDO_BOT": str(program), "STAND_IN_LOG": str(folder / "log")}


def in_world(folder: Path, world: str) -> dict[str, str]:
    """The environment in which `serve --simulate` has this world"""
    program = folder / "azdo-bot"
    real = shlex.quote(os.environ["AZDO_BOT"])
    program.write_text(
        f'#!/bin/sh\n[ "$1" = serve ] && exec {real} "$@" --world {shlex.quote(world)}\nexec {real} "$@"\n'
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return {"AZDO_BOT": str(program)}


def a_token() -> str:
    """A text in the form of a token, made at run time so that no file contains one"""
    return "".join(["c4n4ry", "Kx9", "qW7" * 5, "T2b", "z8" * 8])
