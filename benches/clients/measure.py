"""Measures clients of Azure DevOps in interleaved rounds against one simulator, and prints tables; `--write` writes the page too.

Names of programs measure only these. Each process is on one processor, the simulator and this one on another.
"""

import argparse
import contextlib
import os
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import machine
import page
import plot
import programs
from compare import Counter, simulator

HERE = Path(__file__).parent
ROUNDS = int(os.environ.get("CLIENTS_ROUNDS", "7"))
WIDTH = 32
# How long a response takes from a service that is far away
DELAY = 0.03


class Program(NamedTuple):
    title: str
    start: Callable
    # The calls of a round, one after another and in flight; none for a program that does one thing
    warm: int = 0
    flight: int = 0
    # Whether it is a client, which has a time to connect
    is_client: bool = True
    # Whether a process finds what the one before it has left on disk
    keeps: bool = False


def all_programs(cache: Path) -> dict[str, Program]:
    return {
        "serve": Program("`azdo-bot serve`", programs.Serve, 1000, 4000),
        "mcp": Program("`azdo-bot mcp`", programs.BotMcp, 1000, 4000),
        "call": Program("`azdo-bot call`, with the list", programs.Call),
        "python": Program("Python `azure-devops`", programs.python, 150, 320),
        "python-cached": Program("the same, discovery on disk", partial(programs.python, cache=cache), keeps=True),
        "node": Program("Node `azure-devops-node-api`", programs.node, 300, 960),
        "node-kept": Program("the same, `keepAlive: true`", partial(programs.node, keepAlive=True), 300, 960),
        "other-mcp": Program("`@azure-devops/mcp`", programs.OtherMcp, 100, 320),
        "bare": Program("bare sockets, nothing decoded", programs.bare, 1000, 8000, is_client=False),
    }


@contextlib.contextmanager
def started(program: Program, url: str, token: str) -> Iterator[object]:
    running = program.start(url, token)
    try:
        yield running
    finally:
        running.end()


def measure(program: Program, url: str, token: str, figures: dict[str, list[float]]) -> None:
    """One round: a cold start, calls one after another, and calls in flight"""
    with started(program, url, token) as running:
        figures["cold"].append(running.cold * 1e3)
        if program.warm:
            figures["peak"].append(running.process.peak())
            running.warm(program.warm // 10)
            figures["warm"].append(running.warm(program.warm) * 1e6)
            figures["peak warm"].append(running.process.peak())
            figures["flight"].append(program.flight / running.flight(program.flight, WIDTH))
            figures["peak flight"].append(running.process.peak())


def count(program: Program, url: str, token: str, figures: dict[str, list[float]]) -> None:
    """Counts requests and connections, through a proxy"""
    before = (Counter.requests, Counter.connections)
    with started(program, url, token) as running:
        figures["requests"].append(Counter.requests - before[0])
        figures["connections"].append(Counter.connections - before[1])
        if program.warm:
            running.warm(1)
            before = (Counter.requests, Counter.connections)
            running.warm(10)
            figures["requests warm"].append((Counter.requests - before[0]) / 10)
            figures["connections warm"].append((Counter.connections - before[1]) / 10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="the programs to measure, instead of all")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md and docs/performance.svg")
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    # The simulator inherits it.
    programs.stay_on(0)
    figures: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with tempfile.TemporaryDirectory(prefix="clients-") as folder, simulator(HERE / "world.toml") as simulated:
        chosen = all_programs(Path(folder))
        chosen = {name: chosen[name] for name in arguments.names or chosen}
        url, token = simulated["organizationUrl"], simulated["token"]
        base = url.rsplit("/", 1)[0]
        counted, delayed = (f"http://{Counter(base, delay).netloc}/fabrikam" for delay in (0, DELAY))
        for name, program in chosen.items():
            for at in (url, counted, delayed) if program.keeps else ():
                program.start(at, token).end()
            count(program, counted, token, figures[name])
        for number in range(ROUNDS):
            for name, program in chosen.items():
                measure(program, url, token, figures[name])
                with started(program, delayed, token) as far_away:
                    figures[name]["far"].append(far_away.cold * 1e3)
                if program.start is programs.Call:
                    figures[name]["peak"].append(programs.peak_of_call(url, token))
            print(f"round {number + 1} of {ROUNDS}", flush=True)
    medians = {name: {what: statistics.median(found) for what, found in of.items()} for name, of in figures.items()}
    tables = {
        "clients": page.clients(chosen, medians),
        "requests": page.requests(chosen, medians),
        "sizes": page.table(["Installed", "MB", "Start to `-V`, ms"], machine.sizes()),
        "machine": machine.description(ROUNDS, load),
    }
    for text in tables.values():
        print(f"\n{text}")
    print(f"\n{page.spread(chosen, figures)}")
    if arguments.write:
        for name, text in tables.items():
            page.fill(name, text)
        plot.write(chosen, medians)


if __name__ == "__main__":
    main()
