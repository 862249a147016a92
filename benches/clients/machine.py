"""What is measured on: the machine and the versions; and the sizes of what is installed."""

import json
import re
import statistics
import subprocess
import time
from datetime import date
from pathlib import Path

import hardware
from compare import OTHER, PROGRAM
from programs import INSTALLED

STARTS = 21


def output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def versions() -> list[str]:
    """Returns each program with its version, as it says itself"""
    python = INSTALLED / "venv/bin/python"
    distribution = "import importlib.metadata as found; print(found.version('azure-devops'))"
    package = json.loads((INSTALLED / "node/node_modules/azure-devops-node-api/package.json").read_text())
    server = json.loads((OTHER.parents[1] / "package.json").read_text())
    return [
        output(PROGRAM, "-V"),
        f"{output(str(python), '--version')} with azure-devops {output(str(python), '-c', distribution)}",
        f"Node.js {output('node', '--version').lstrip('v')} with azure-devops-node-api {package['version']}",
        f"@azure-devops/mcp {server['version']}",
    ]


def description(rounds: int, load: float) -> str:
    """Returns the lines about one run"""
    lines = [
        f"- Date: {date.today()}; rounds: {rounds}; load of the machine before it: {load:.1f}",
        f"- Machine: {hardware.machine()}",
        f"- Versions: {'; '.join(versions())}",
    ]
    if load >= 1:
        lines.append("- **The machine was busy**: times are longer than on a quiet one, and their ratios differ. Run it again.")
    return "\n".join(lines)


def start(*command: str) -> float:
    """Returns the median time from start to end, in ms"""
    times = []
    for _ in range(STARTS):
        at = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append((time.perf_counter() - at) * 1e3)
    return statistics.median(times)


def megabytes(*roots: Path) -> str:
    files = (file for root in roots for file in ([root] if root.is_file() else root.rglob("*")))
    return f"{sum(file.lstat().st_size for file in files if file.is_file() and not file.is_symlink()) / 1e6:.1f}"


def sizes() -> list[list[str]]:
    """Returns the rows of what is installed: its size, and the time of a process that only shows its version"""
    site = next((INSTALLED / "venv/lib").glob("python*/site-packages"))
    kept = [entry for entry in site.iterdir() if not re.match(r"pip|setuptools|pkg_resources|_distutils|distutils", entry.name)]
    return [
        ["`azdo-bot`, with the simulator and all hosts", megabytes(Path(PROGRAM)), f"{start(PROGRAM, '-V'):.1f}"],
        ["`/bin/true`, for comparison", "–", f"{start('/bin/true'):.1f}"],
        ["Python `azure-devops` and what it needs, without Python", megabytes(*kept), "–"],
        ["Node `azure-devops-node-api` and what it needs, without Node.js", megabytes(INSTALLED / "node/node_modules"), "–"],
        ["`@azure-devops/mcp` and what it needs, without Node.js", megabytes(INSTALLED / "mcp-other/node_modules"), "–"],
    ]
