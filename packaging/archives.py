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


def reading(folder: Path) -> None:
    """The pages, and what they name: pictures, examples with their tests, schemas"""
    for name in ("docs", "examples", "schemas"):
        copy_tracked(name, folder / name)
    for name in ("CONTRIBUTING.md", "package-manifest.json"):
        copy(ROOT / name, folder / name)
    for page in sorted((ROOT / "adapters").glob("*/README.md")):
        copy(page, folder / page.relative_to(ROOT))


def make(release: Release, system: System) -> None:
    name = f"azdo-bot-{release.version}-{system.name}"
    folder = release.stage(f"archive-{system.name}") / name
    copy(release.programs[system], folder / system.program, EXECUTABLE)
    for page in PAGES:
        copy(ROOT / page, folder / page)
    about((system,), folder)
    reading(folder)
    copy_tracked("packaging/man", folder / "man", "*.1")
    if system.windows:
        zipped(folder, release.add(release.output / f"{name}.zip"))
    else:
        tar_gz(folder, release.add(release.output / f"{name}.tar.gz"))
