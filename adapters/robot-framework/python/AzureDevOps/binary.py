"""Finds and runs the `azdo-bot` program."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

DISTRIBUTION = "robotframework-azuredevops"
PROGRAM = "azdo-bot.exe" if sys.platform == "win32" else "azdo-bot"
_TIMEOUT_SECONDS = 30


class BinaryError(Exception):
    """The `azdo-bot` program is missing or does not work"""

    ROBOT_SUPPRESS_NAME = True


def find() -> str:
    """The program of the installed wheel; else the one in AZDO_BOT; else the one on PATH"""
    bundled = _bundled()
    if bundled:
        return bundled
    named = os.environ.get("AZDO_BOT")
    if named:
        found = shutil.which(named)
        if not found:
            raise BinaryError(f"AZDO_BOT names {named!r}, which is not an executable program.")
        return found
    found = shutil.which(PROGRAM)
    if not found:
        raise BinaryError(
            f"The program {PROGRAM} was not found. Install the wheel of {DISTRIBUTION}, which contains it, "
            "or name the program in the environment variable AZDO_BOT, or put it on PATH."
        )
    return found


def installed_version() -> str:
    """The version of the installed wheel and of its program; empty if the library runs from its source"""
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return ""


def _bundled() -> str | None:
    """The program that was installed with this module, from the installer's list of files"""
    try:
        files = metadata.distribution(DISTRIBUTION).files or []
    except metadata.PackageNotFoundError:
        return None
    recorded = [Path(file.locate()) for file in files if file.name == PROGRAM]
    # `pip install --target` moves the program without correcting that list.
    recorded.append(Path(__file__).parent.parent / "bin" / PROGRAM)
    for path in recorded:
        if path.is_file():
            return str(path.resolve())
    return None


def run_json(*arguments: str) -> Any:
    """Runs a command of the program and returns the JSON that it prints"""
    program = find()
    try:
        done = subprocess.run(
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BinaryError(f"{program} cannot be run: {error}") from error
    try:
        if done.returncode:
            raise ValueError("it failed")
        return json.loads(done.stdout)
    except ValueError as error:
        said = done.stderr.strip() or "empty"
        raise BinaryError(
            f"{program} {arguments[0]} printed no JSON (exit code {done.returncode}); standard error: {said}"
        ) from error
