"""The npm packages: one for Node-RED, and one for each system with its program, on which the first depends optionally.

The dependencies are added here and not in the source: from a folder, npm would look for packages of these names in the registry.
"""

from __future__ import annotations

import json
from pathlib import Path

from archives import BILL, NOTICES, about
from files import EXECUTABLE, copy, copy_tracked, normalize, write
from project import ROOT, Release, run
from systems import System

SOURCE = "adapters/node-red"


def package_name(system: System) -> str:
    return f"azdo-bot-{system.npm[0]}-{system.npm[1]}"


def _pack(release: Release, folder: Path, description: dict) -> None:
    if release.repository:
        # npm compares it with the address that a provenance statement names.
        description["repository"] = {"type": "git", "url": f"git+{release.repository}.git"}
    write(folder / "package.json", json.dumps(description, indent=2) + "\n")
    normalize(folder)
    # npm takes modes from the files, and sets dates and owners itself.
    settings = {"npm_config_cache": str(release.work / "npm-cache"), "npm_config_update_notifier": "false"}
    name = run("npm", "pack", "--json", "--ignore-scripts", "--pack-destination", release.output, cwd=folder, environment=settings)
    release.add(release.output / json.loads(name)[0]["filename"])


def make_program(release: Release, system: System) -> None:
    """The package of one system"""
    folder = release.stage(f"npm-{system.name}")
    copy(release.programs[system], folder / "bin" / system.program, EXECUTABLE)
    about((system,), folder)
    description = {
        "name": package_name(system),
        "version": release.version,
        "description": f"The program azdo-bot for {system.name}, for the package node-red-contrib-azure-devops-bot",
        "license": "MIT",
        "os": [system.npm[0]],
        "cpu": [system.npm[1]],
        **({"libc": ["glibc"]} if system.linux else {}),
        "preferUnplugged": True,
        "files": [f"bin/{system.program}", NOTICES, BILL],
    }
    write(folder / "README.md", f"# {package_name(system)}\n\n{description['description']}.\n")
    _pack(release, folder, description)


def make_nodes(release: Release) -> None:
    """The package with the nodes"""
    folder = release.stage("npm-nodes")
    for name in ("azure-devops.js", "azure-devops.html", "README.md"):
        copy(ROOT / SOURCE / name, folder / name)
    for name in ("examples", "icons", "lib", "resources"):
        copy_tracked(f"{SOURCE}/{name}", folder / name)
    about(tuple(release.programs), folder)
    description = json.loads((ROOT / SOURCE / "package.json").read_text())
    # The tests are not in the package.
    del description["scripts"]
    description["files"] = [name for name in description["files"] if not name.startswith("bin/")] + [NOTICES, BILL]
    description["optionalDependencies"] = {package_name(system): release.version for system in release.programs}
    _pack(release, folder, description)
