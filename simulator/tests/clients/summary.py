"""Compares what the client suites did with `walked.tsv` and `results.tsv`; with AZDO_BLESS=1 it writes both.

Usage: summary.py FOLDER. The folder has for each client its journal (`NAME.jsonl`) and what its suite printed (`NAME.txt`).
"""

import json
import os
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
# The client, the file that pins its version, how the version and the numbers of steps and failures are found.
CLIENTS = {
    "Node": ("node/package.json", r'"azure-devops-node-api": "([^"]+)"', r"tests (\d+)", r"fail (\d+)"),
    "Python": ("python/requirements.txt", r"azure-devops==(\S+)", r"Ran (\d+) tests", r"(?:failures|errors)=(\d+)"),
}


def walked(work):
    """The clients that had a successful response from each route."""
    routes = {}
    for client in CLIENTS:
        for line in (work / f"{client}.jsonl").read_text().splitlines():
            entry = json.loads(line)
            if entry["route"] and entry["status"] and entry["status"] < 300:
                routes.setdefault(entry["route"], set()).add(client)
    return "".join(f"{route}\t{', '.join(sorted(clients))}\n" for route, clients in sorted(routes.items()))


def results(work):
    """The version of each client, and how many steps were tried and passed."""
    rows = []
    for client, (pins, version, steps, failures) in CLIENTS.items():
        printed = (work / f"{client}.txt").read_text()
        tried = int(re.findall(steps, printed)[-1])
        failed = sum(int(number) for number in re.findall(failures, printed))
        [pinned] = re.findall(version, (HERE / pins).read_text())
        rows.append(f"{client}\t{pinned}\t{tried}\t{tried - failed}\n")
    return "".join(rows)


def main():
    work = Path(sys.argv[1])
    stale = []
    for name, text in (("walked.tsv", walked(work)), ("results.tsv", results(work))):
        file = HERE / name
        if not file.exists() or file.read_text() != text:
            if os.environ.get("AZDO_BLESS"):
                file.write_text(text)
            else:
                stale.append(name)
    if stale:
        sys.exit(f"{' and '.join(stale)} differ from this run; run AZDO_BLESS=1 scripts/test-clients and read the difference")


main()
