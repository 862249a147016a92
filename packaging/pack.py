"""Packs programs into the artefacts of a release. It compiles nothing but the package for Automation 360.

    pack.py --output DIR --program linux-x64=FILE [--program windows-x64=FILE …]
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

import archives
import debian
import glibc
import npm
import wheels
from bill import bill
from files import EXECUTABLE, copy, write
from listings import Listings
from notices import notices
from project import ROOT, PackagingError, Release, run
from signing import sign
from systems import SYSTEMS, System


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--program", action="append", required=True, metavar="SYSTEM=FILE")
    parser.add_argument("--any-glibc", action="store_true", help="for tests: accept a program that needs a newer glibc")
    return parser.parse_args()


def _given(text: str) -> tuple[System, Path]:
    name, _, file = text.partition("=")
    if name not in SYSTEMS:
        raise PackagingError(f"there is no system {name}; there are {', '.join(SYSTEMS)}")
    if not Path(file).is_file():
        raise PackagingError(f"there is no file {file}")
    return SYSTEMS[name], Path(file)


def _empty(folder: Path) -> None:
    """Makes the folder, or empties the one of an earlier release; no other folder is emptied"""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / "SHA256SUMS").is_file():
            raise PackagingError(f"the folder {folder} has other files")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)


def _signed_copies(release: Release, given: dict[System, Path]) -> None:
    """Every artefact has the signed program"""
    for system, file in sorted(given.items(), key=lambda one: one[0].name):
        program = release.work / "programs" / system.name / system.program
        copy(file, program, EXECUTABLE)
        if not system.linux:
            sign(release, "authenticode" if system.windows else "codesign", program)
        release.programs[system] = program


def _automation_360(release: Release) -> None:
    """The package for Automation 360; without a program for Windows it is for tests, in a folder of its own"""
    systems = tuple(release.programs)
    about = release.stage("automation-360")
    archives.about(systems, about)
    windows = SYSTEMS["windows-x64"] in release.programs
    output = release.output if windows else release.output / "for-tests"
    flags = [] if windows else ["--for-tests"]
    for system, program in release.programs.items():
        flags += ["--binary", f"{system.name}={program}"]
    for name in (archives.NOTICES, archives.BILL):
        flags += ["--about", about / name]
    # The program of this machine writes the description of the package.
    own = SYSTEMS.get(f"linux-{'arm64' if platform.machine() == 'aarch64' else 'x64'}")
    generator = {} if "AZDO_BOT" in os.environ or own not in release.programs else {"AZDO_BOT": str(release.programs[own])}
    build = ROOT / "adapters/automation-360/build"
    jar = Path(run(build, *flags, "--output", output, environment=generator).strip().splitlines()[-1])
    sign(release, "jarsigner", release.add(jar))


def _sums(release: Release) -> None:
    lines = []
    for path in sorted(release.written, key=lambda path: path.relative_to(release.output).as_posix()):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"{digest}  {path.relative_to(release.output).as_posix()}\n")
    write(release.output / "SHA256SUMS", "".join(lines))
    sign(release, "minisign", release.output / "SHA256SUMS")


def pack(release: Release, given: dict[System, Path]) -> None:
    _signed_copies(release, given)
    for system in release.programs:
        archives.make(release, system)
        wheels.make(release, system)
        npm.make_program(release, system)
        if system.debian:
            debian.make(release, system)
        write(release.add(release.output / f"azdo-bot-{release.version}-{system.name}.cdx.json"), bill((system,)))
    npm.make_nodes(release)
    write(release.add(release.output / archives.NOTICES), notices(tuple(release.programs)))
    _automation_360(release)
    without = Listings(release).make()
    _sums(release)
    for path in release.written:
        print(path.relative_to(release.output))
    if release.unsigned:
        print(f"Not signed: {', '.join(release.unsigned)}")
    if without:
        print(f"Not listed: {', '.join(without)}: AZDO_BOT_REPOSITORY_URL is not set, or a system's program is missing")


def main() -> int:
    arguments = _arguments()
    try:
        given = dict(map(_given, arguments.program))
        for system, program in given.items():
            if system.linux and not arguments.any_glibc:
                glibc.check(program)
        _empty(arguments.output)
        with tempfile.TemporaryDirectory() as work:
            pack(Release({}, arguments.output.resolve(), Path(work)), given)
    except PackagingError as error:
        print(f"package: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
