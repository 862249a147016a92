"""What a keyword costs more than Robot Framework's own `No Operation`, in one run.

Prints the best of a few rounds; with --assert it fails when that is more than 50 µs a call.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from robot.api import ExecutionResult

from support.robot import TESTS, robot

CALLS, ROUNDS, MOST = 2000, 3, 50.0


def round_of_calls() -> tuple[float, float]:
    """Microseconds a call: `No Operation`, `Check Session`"""
    with tempfile.TemporaryDirectory() as folder:
        robot(Path(folder), "--variable", f"CALLS:{CALLS}", TESTS / "bench_keyword.robot")
        tasks = ExecutionResult(str(Path(folder) / "output.xml")).suite.tests
        took = {task.name: task.elapsed_time.total_seconds() / CALLS * 1e6 for task in tasks}
        return took["No Operation"], took["Check Session"]


def main() -> int:
    rounds = [round_of_calls() for _ in range(ROUNDS)]
    for nothing, keyword in rounds:
        print(f"No Operation {nothing:.0f} µs, Check Session {keyword:.0f} µs: {keyword - nothing:.0f} µs more")
    best = min(keyword - nothing for nothing, keyword in rounds)
    return 1 if "--assert" in sys.argv and best > MOST else 0


if __name__ == "__main__":
    sys.exit(main())
