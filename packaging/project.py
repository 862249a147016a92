"""What every artefact is made from: the version, the date, the programs and the files of this repository."""

from __future__ import annotations

import os
import subprocess
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path

from systems import System

ROOT = Path(__file__).resolve().parent.parent
DESCRIPTION = "Azure DevOps for bots: sign in once, and a whole tree of bots works through the session"


class PackagingError(Exception):
    """What the person who runs scripts/package has to correct"""


def epoch() -> int:
    """The one date of all files, in seconds: SOURCE_DATE_EPOCH"""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given.isdigit():
        raise PackagingError("SOURCE_DATE_EPOCH is not set to a number of seconds; scripts/package sets it")
    return int(given)


def date() -> datetime:
    return datetime.fromtimestamp(epoch(), timezone.utc)


def run(*command: object, cwd: Path = ROOT, environment: dict[str, str] | None = None) -> str:
    """Runs a command and returns what it prints; its errors are shown"""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise PackagingError(f"{Path(str(command[0])).name} failed with exit code {done.returncode}")
    return done.stdout


@dataclass(frozen=True)
class Release:
    programs: dict[System, Path]
    output: Path
    work: Path
    """A folder for what is staged, empty at the start"""
    written: list[Path] = field(default_factory=list)
    unsigned: list[str] = field(default_factory=list)

    @cached_property
    def version(self) -> str:
        return tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["package"]["version"]

    @property
    def repository(self) -> str:
        """The address of the repository that releases it, which the sources do not know; may be empty"""
        return os.environ.get("AZDO_BOT_REPOSITORY_URL", "").rstrip("/")

    def stage(self, name: str) -> Path:
        folder = self.work / name
        folder.mkdir(parents=True)
        return folder

    def add(self, path: Path) -> Path:
        """Notes a file that belongs to the release"""
        self.written.append(path)
        return path
