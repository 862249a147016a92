"""The clock of the machine jumps while bots work: `azdo-bot serve` under libfaketime, which moves its clock only.

    clocks.py LIBRARY

The clock goes a day back and forward, over the changes to and from summer time, and to the last day of the year 9999.
After each jump the actions succeed within seconds, a session stays open, and the audit trail is whole. On the last day, bot
files that read the clock run too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from programs import PROGRAM, ROOT, Serve, Simulator

# Dates with a time zone end before it
LAST_DAY = "9999-12-31 12:00:00"

# The clock after each jump, in the zone below
JUMPS = [
    "2026-11-25 12:00:00",
    "2026-11-26 12:00:00",
    "2026-11-24 12:00:00",
    "2026-03-29 01:59:58",
    "2026-10-25 02:59:58",
    "9999-12-30 12:00:00",
    LAST_DAY,
    "2026-11-25 12:00:00",
    "1970-01-02 00:00:00",
]
ZONE = "Europe/Berlin"

# How long a step may take: far less than every wait that a wrong clock would cause
MOST_SECONDS = 20


def work(serve: Serve, number: int) -> None:
    """Uses the session that is open, a new one, and everything that reads a date"""
    serve.execute("root", "listRepositories", {})
    name = f"clock-{number}"
    serve.execute("root", "createRepository", {"name": name})
    serve.execute("root", "deleteRepository", {"repository": name})
    serve.execute("root", "listPipelineRuns", {"from": "2026-03-29T02:30:00"})
    run = f"run-{number}"
    serve.ask("botRun/start", {"id": run})
    serve.connect(run)
    serve.execute(run, "checkSession", {})
    serve.ask("botRun/end", {"id": run})


def run_bots(folder: Path, environment: dict[str, str]) -> None:
    """Runs the example bots, some of which read the date, with a simulator on the same clock"""
    clock = folder / "bots"
    clock.write_text(f"@{LAST_DAY}\n")
    command = [PROGRAM, "test", ROOT / "examples/bots"]
    fake = {**environment, "FAKETIME_TIMESTAMP_FILE": str(clock), "PATH": os.environ["PATH"]}
    ran = subprocess.run(command, env=fake, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def main(library: str) -> None:
    simulator = Simulator()
    with tempfile.TemporaryDirectory() as folder:
        clock, audit = (Path(folder) / name for name in ("clock", "audit.jsonl"))
        settings = f'[audit]\nfile = "{audit}"\n'
        clock.write_text(f"@{JUMPS[0]}\n")
        # The clock that waits and time limits use goes on as it does when someone sets the other one.
        fake = {
            "LD_PRELOAD": library,
            "FAKETIME_TIMESTAMP_FILE": str(clock),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "TZ": ZONE,
        }
        serve = Serve(simulator, "--idle-limit", "10m", settings=settings, **fake)
        serve.ask("botRun/start", {"id": "root"})
        serve.connect("root")
        for number, moment in enumerate(JUMPS):
            clock.write_text(f"@{moment}\n")
            begun = time.monotonic()
            work(serve, number)
            # Over the change of summer time, and on into the next second.
            time.sleep(2.5)
            work(serve, 100 + number)
            took = time.monotonic() - begun - 2.5
            assert took < MOST_SECONDS, f"{moment}: {took:.1f} s"
        assert serve.end() == 0
        years = {json.loads(line)["time"][:4] for line in audit.read_text().splitlines()}
        assert years == {"2026", "9999", "1970"}, f"the clock did not jump: {years}"
        verified = subprocess.run([PROGRAM, "audit", "verify", audit], capture_output=True, text=True)
        assert verified.returncode == 0, verified.stdout + verified.stderr
        run_bots(Path(folder), fake)
    simulator.end()
    print(f"{len(JUMPS)} jumps of the clock: every action and bot succeeded, and the audit trail is whole")


if __name__ == "__main__":
    main(sys.argv[1])
