"""The tables of docs/performance.md and docs/scale.md: each is between two comments, and is written by what measured it.

As a program, it puts the figures of a Rust bench there, with the day: `page.py floor < output`.
"""

import re
import sys
from pathlib import Path

import hardware

DOCS = Path(__file__).parents[2] / "docs"
# The tables that are not in docs/performance.md
ELSEWHERE = {"stores": "scale.md"}
UNITS = {"x": "×", "us": "µs"}
# A line of a bench: the figure, its value, its bound, whether it is over it, and the values behind it
FIGURE = re.compile(r"^(\S.*?)\s+([\d.]+) (\S*)\s+([\d.]+) \S*(?:  (OVER))?   (.*)$")


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(line)} |" for line in [head, *rows]]
    lines.insert(1, "|" + "---|" * len(head))
    return "\n".join(lines)


def cell(figures: dict[str, float], what: str, form: str) -> str:
    return format(figures[what], form) if what in figures else "–"


def clients(programs: dict, figures: dict[str, dict[str, float]]) -> str:
    """Returns the table of times and memory"""
    rows = []
    for name, program in programs.items():
        of = figures[name]
        cold = {what: of[what] for what in ("cold", "far") if program.is_client}
        memory = " / ".join(cell(of, what, ".0f") for what in ("peak", "peak warm", "peak flight")) if program.is_client else "–"
        times = [cell(cold, "cold", ".1f"), cell(cold, "far", ".0f"), cell(of, "warm", ",.0f"), cell(of, "flight", ",.0f")]
        rows.append([program.title, *times, memory])
    head = ["Client", "Cold, ms", "Cold, 30 ms a response, ms", "List, warm, µs", "32 in flight, a second"]
    return table([*head, "Peak MiB: cold / warm / 32"], rows)


def requests(programs: dict, figures: dict[str, dict[str, float]]) -> str:
    """Returns the table of requests and connections"""
    rows = []
    for name, program in programs.items():
        if program.is_client:
            whats = ("requests", "connections", "requests warm", "connections warm")
            rows.append([program.title, *(cell(figures[name], what, "g") for what in whats)])
    return table(["Client", "Requests, cold", "Connections, cold", "Requests of a list", "New connections of a list"], rows)


def spread(programs: dict, figures: dict[str, dict[str, list[float]]]) -> str:
    """Returns the lowest and the highest of each time, to judge how quiet the machine was"""
    rows = []
    for name, program in programs.items():
        found = [figures[name].get(what) for what in ("cold", "far", "warm", "flight")]
        rows.append([program.title, *(f"{min(all_):,.0f} to {max(all_):,.0f}" if all_ else "–" for all_ in found)])
    return table(["Lowest to highest", "Cold", "30 ms a response", "Warm", "32 in flight"], rows)


def bench(output: str) -> str:
    """Returns what a Rust bench has printed as a table, with the day above it"""
    rows = []
    for found in filter(None, map(FIGURE.match, output.splitlines())):
        what, value, unit, bound, over, detail = found.groups()
        unit = f" {UNITS.get(unit, unit)}".rstrip()
        rows.append([what, f"{value}{unit}{', over its bound' if over else ''}", f"{bound}{unit}", detail.strip().replace(" us", " µs") or "–"])
    if not rows:
        raise SystemExit("this is not the output of a bench")
    return f"{hardware.measured()}\n\n{table(['Figure', 'Measured', 'Bound', 'Values'], rows)}"


def fill(name: str, text: str) -> None:
    """Replaces what is between the comments of this name"""
    begin, end = f"<!-- {name} -->\n", f"\n<!-- end of {name} -->"
    path = DOCS / ELSEWHERE.get(name, "performance.md")
    page = path.read_text()
    before, found, rest = page.partition(begin)
    _, also, after = rest.partition(end)
    if not found or not also:
        raise SystemExit(f"{path.name} has no place for {name}")
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}")


if __name__ == "__main__":
    fill(sys.argv[1], bench(sys.stdin.read()))
