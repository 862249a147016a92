"""The archive of each system: the program, its pages, the example bots. A `.zip` for Windows, else a `.tar.gz`."""

from __future__ import annotations

from pathlib import Path

from bill import bill
from files import EXECUTABLE, copy, copy_tracked, tar_gz, write, zipped
from notices import notices
from project import ROOT, Release
from systems import System

PAGES = ("README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE")
NOTICES = "THIRD-PARTY-NOTICES.txt"
BILL = "azdo-bot.cdx.json"


def about(systems: tuple[System, ...], folder: Path) -> None:
    """What every artefact has beside the programs of these systems: licence, notices, bill of materials"""
    copy(ROOT / "LICENSE", folder / "LICENSE")
    write(folder / NOTICES, notices(systems))
    write(folder / BILL, bill(systems))


def make(release: Release, system: System) -> None:
    name = f"azdo-bot-{release.version}-{system.name}"
    folder = release.stage(f"archive-{system.name}") / name
    copy(release.programs[system], folder / system.program, EXECUTABLE)
    for page in PAGES:
        copy(ROOT / page, folder / page)
    about((system,), folder)
    copy_tracked("docs", folder / "docs", "**/*.md")
    copy_tracked("docs/images", folder / "docs/images")
    copy_tracked("examples/bots", folder / "examples/bots", "*.bot.json")
    copy_tracked("examples/robot", folder / "examples/robot", "*/*.r*")
    copy_tracked("packaging/man", folder / "man", "*.1")
    if system.windows:
        zipped(folder, release.add(release.output / f"{name}.zip"))
    else:
        tar_gz(folder, release.add(release.output / f"{name}.tar.gz"))
