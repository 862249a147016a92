"""The wheel of the Robot Framework library for each system, with the program among its scripts."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

from pyproject_metadata import StandardMetadata

from archives import BILL, NOTICES, about
from files import EXECUTABLE, copy, copy_tracked, normalize, write
from project import ROOT, Release, run
from systems import System

LIBRARY = ROOT / "adapters/robot-framework"


def make(release: Release, system: System) -> None:
    settings = tomllib.loads((LIBRARY / "pyproject.toml").read_text())
    # maturin takes the version from Cargo.toml, and the files of the licence from the folder of the library.
    settings["project"].pop("dynamic")
    settings["project"].pop("license-files")
    settings["project"]["version"] = release.version
    metadata = StandardMetadata.from_pyproject(settings, LIBRARY)
    metadata.license_files = [Path("LICENSE"), Path(NOTICES)]
    if release.repository:
        metadata.urls["repository"] = release.repository
    name = f"{metadata.name.replace('-', '_')}-{release.version}"
    folder = release.stage(f"wheel-{system.name}")
    copy_tracked("adapters/robot-framework/python", folder)
    copy(release.programs[system], folder / f"{name}.data/scripts" / system.program, EXECUTABLE)
    information = folder / f"{name}.dist-info"
    write(information / "METADATA", bytes(metadata.as_rfc822()))
    tags = "".join(f"Tag: py3-none-{tag}\n" for tag in system.wheel.split("."))
    write(information / "WHEEL", f"Wheel-Version: 1.0\nGenerator: azdo-bot\nRoot-Is-Purelib: false\n{tags}")
    about((system,), information / "licenses")
    (information / "sboms").mkdir()
    (information / "licenses" / BILL).rename(information / "sboms" / BILL)
    normalize(folder)
    run(sys.executable, "-m", "wheel", "pack", "--dest-dir", release.output, folder)
    [wheel] = release.output.glob(f"{name}-py3-none-*{system.wheel.split('.')[-1]}*.whl")
    release.add(wheel)
