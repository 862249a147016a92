"""Bots work for a long time: the memory of `azdo-bot serve` does not grow, and it closes every file that it opens.

    soak.py [MINUTES]

Every round is a run tree with two sessions, with actions that succeed, fail, run side by side and are cancelled. The simulator is
another process. The memory is compared after a quarter of the time, when all parts of the program have been used.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from programs import Serve, Simulator

# The slope that is allowed, in KiB per 10 minutes
MOST = 1024

# So many ended bot runs are remembered; they are there before the memory is measured
REMEMBERED = 10_000

# How many actions run side by side
SIDE_BY_SIDE = 32


def resident(pid: int) -> int:
    """Returns the resident memory in KiB"""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def slope(points: list[tuple[float, int]]) -> float:
    """Returns the slope of the line nearest to the points"""
    middle = [sum(values) / len(points) for values in zip(*points)]
    over = sum((x - middle[0]) * (y - middle[1]) for x, y in points)
    return over / sum((x - middle[0]) ** 2 for x, _ in points)


def round_of_work(serve: Serve, number: int) -> int:
    """Does the work of one run tree, and returns the number of its actions"""
    root, child = f"root-{number}", f"child-{number}"
    serve.ask("botRun/start", {"id": root})
    serve.ask("botRun/start", {"id": child, "parent": root})
    serve.connect(root)
    serve.connect(child)
    name = f"shop-{number}"
    serve.execute(root, "createRepository", {"name": name})
    ids = {}
    for at in range(SIDE_BY_SIDE):
        action, inputs, works = [
            ("listRepositories", {}, True),
            ("getRepository", {"repository": f"none-{number}-{at}"}, False),
            ("checkSession", {}, True),
            ("noSuchAction", {}, False),
        ][at % 4]
        ids[serve.begin(child, action, inputs)] = works
    for one, answer in serve.answers(len(ids)).items():
        assert ("result" in answer) == ids[one], answer
    serve.execute(root, "deleteRepository", {"repository": name})
    cancelled = serve.begin(root, "listPipelines", {})
    serve.cancel(cancelled)
    serve.answers(1)
    # The session of the child is closed by the end of its run, that of the root by the bot.
    serve.ask("botRun/end", {"id": child})
    serve.execute(root, "disconnect", {})
    serve.ask("botRun/end", {"id": root})
    return SIDE_BY_SIDE + 6


def main(minutes: float) -> None:
    simulator = Simulator()
    serve = Serve(simulator)
    pid = serve.process.pid
    for number in range(REMEMBERED):
        serve.ask("botRun/start", {"id": f"first-{number}"})
        serve.ask("botRun/end", {"id": f"first-{number}"})
    at_start = descriptors(pid)
    begun = time.monotonic()
    points, actions, rounds = [], 0, 0
    while (passed := time.monotonic() - begun) < minutes * 60:
        actions += round_of_work(serve, rounds)
        rounds += 1
        if passed > minutes * 15:
            points.append((passed / 600, resident(pid)))
    growth, memory, open_now = slope(points), resident(pid), descriptors(pid)
    print(
        f"{minutes:g} minutes: {rounds} run trees, {actions} actions; memory {memory / 1024:.1f} MiB, "
        f"{growth:+.0f} KiB in 10 minutes; {at_start} descriptors at the start, {open_now} at the end"
    )
    assert serve.end() == 0
    simulator.end()
    assert growth <= MOST, f"the memory grows by more than {MOST} KiB in 10 minutes"
    assert open_now <= at_start, "descriptors are left open"


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 30)
