"""The crates whose code is in the program of a system: what `cargo tree` shows, with what `cargo metadata` knows of each."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from project import ROOT, run
from systems import System

PROGRAM = "azdo-bot"
# One line a crate: the depth, the name, the version.
TREE = ("cargo", "tree", "--locked", "--offline", "--package", PROGRAM, "--edges", "normal,no-proc-macro")
LINE = re.compile(r"^(\d+)(\S+) v(\S+)")


@dataclass(frozen=True, order=True)
class Crate:
    name: str
    version: str
    license: str
    description: str
    repository: str
    folder: Path
    checksum: str
    """SHA-256 of the crate's file in the registry; empty for the crates of this repository"""


Key = tuple[str, str]


@cache
def _known() -> dict[Key, Crate]:
    packages = json.loads(run("cargo", "metadata", "--locked", "--offline", "--format-version", "1"))["packages"]
    locked = tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    checksums = {(one["name"], one["version"]): one.get("checksum", "") for one in locked}
    return {
        (one["name"], one["version"]): Crate(
            name=one["name"],
            version=one["version"],
            # Before SPDX expressions a slash meant "or".
            license=" OR ".join(part.strip() for part in (one["license"] or "").split("/")),
            description=" ".join((one["description"] or "").split()),
            repository=one["repository"] or "",
            folder=Path(one["manifest_path"]).parent,
            checksum=checksums.get((one["name"], one["version"]), ""),
        )
        for one in packages
    }


@cache
def linked(system: System) -> dict[Crate, frozenset[Crate]]:
    """The crates in the program of a system, each with those that it uses; the program's own is the first"""
    known = _known()
    used: dict[Crate, set[Crate]] = {}
    path: list[Crate] = []
    for line in run(*TREE, "--target", system.target, "--prefix", "depth", "--no-dedupe").splitlines():
        depth, name, version = LINE.match(line).groups()
        crate = known[name, version]
        del path[int(depth) :]
        if path:
            used[path[-1]].add(crate)
        used.setdefault(crate, set())
        path.append(crate)
    return {crate: frozenset(uses) for crate, uses in used.items()}


def all_linked(systems: tuple[System, ...]) -> dict[Crate, frozenset[Crate]]:
    """The crates in the programs of several systems"""
    together: dict[Crate, frozenset[Crate]] = {}
    for system in systems:
        for crate, uses in linked(system).items():
            together[crate] = together.get(crate, frozenset()) | uses
    return together


@cache
def rust_version() -> str:
    return run("rustc", "--version").split()[1]


@cache
def rust_folder() -> Path:
    return Path(run("rustc", "--print", "sysroot").strip())
