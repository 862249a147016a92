"""The overhead of a keyword over `No Operation` of Robot Framework, in one run.

Compares the fastest blocks of calls of each; with --assert, fails if the difference is more than 50 µs per call.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from robot.api import ExecutionResult

from support.robot import TESTS, robot

CALLS, MOST = 100, 50.0


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        robot(Path(folder), "--variable", f"CALLS:{CALLS}", TESTS / "bench_keyword.robot")
        (task,) = ExecutionResult(str(Path(folder) / "output.xml")).suite.tests
        blocks = [block for turn in task.body[0].body for block in turn.body]
    best = {
        name: min(block.elapsed_time.total_seconds() for block in blocks if block.name == name) / CALLS * 1e6
        for name in ("Nothing", "An Echo", "A Keyword")
    }
    more = best["A Keyword"] - best["Nothing"]
    echo = best["An Echo"] - best["Nothing"]
    print(
        f"No Operation {best['Nothing']:.0f} µs, Check Session {best['A Keyword']:.0f} µs: {more:.0f} µs more; "
        f"a keyword of a process that returns each line takes {echo:.0f} µs more"
    )
    return 1 if "--assert" in sys.argv and more > MOST else 0


if __name__ == "__main__":
    sys.exit(main())
