"""Compares what the client suites did with `walked.tsv`, `results.tsv` and `failing.tsv`; with AZDO_BLESS=1 it writes them.

Usage: summary.py FOLDER. The folder has for each client its journal (`NAME.jsonl`) and what its suite printed (`NAME.txt`).
A client without these files was not run, and its rows stay as they are.
"""

import json
import os
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
PYTHON = (r"Ran (\d+) tests", r"(?:failures|errors)=(\d+)")
# The client, the file that pins its version, how the version and the numbers of steps and failures are found.
CLIENTS = {
    "git": ("{work}/git.txt", r"git version (\d+)", *PYTHON),
    "MCP": ("../../../tests/clients/mcp/other-server/package.json", r'"@azure-devops/mcp": "([^"]+)"', *PYTHON),
    "Node": ("node/package.json", r'"azure-devops-node-api": "([^"]+)"', r"tests (\d+)", r"fail (\d+)"),
    "Python": ("python/requirements.txt", r"azure-devops==(\S+)", *PYTHON),
    "Rust": ("rust/Cargo.toml", r'azure_devops_rust_api = { version = "=([^"]+)"', r"running (\d+) tests", r"(\d+) failed"),
}
# What a suite prints for a step that does not pass: the step, and the reason.
FAILING = re.compile(r"does not pass: (.+?): (.+)")


def kept(name, column, ran):
    """The rows of a table about clients that were not run"""
    rows = [line.split("\t") for line in (HERE / name).read_text().splitlines()]
    return [row for row in rows if row[column] not in ran]


def walked(work, ran):
    """The clients that had a successful response from each route."""
    routes = {}
    for row in (HERE / "walked.tsv").read_text().splitlines():
        route, clients = row.split("\t")
        routes[route] = set(clients.split(", ")) - set(ran)
    # What git does has no route; the others of its suite are there to compare.
    for client in set(ran) - {"git"}:
        for line in (work / f"{client}.jsonl").read_text().splitlines():
            entry = json.loads(line)
            if entry["route"] and entry["status"] and entry["status"] < 300:
                routes.setdefault(entry["route"], set()).add(client)
    rows = ((route, sorted(clients, key=str.lower)) for route, clients in sorted(routes.items()) if clients)
    return "".join(f"{route}\t{', '.join(clients)}\n" for route, clients in rows)


def results(work, ran):
    """The version of each client, and how many steps were tried and passed."""
    rows = kept("results.tsv", 0, ran)
    for client in ran:
        pins, version, steps, failures = CLIENTS[client]
        printed = (work / f"{client}.txt").read_text()
        tried = int(re.findall(steps, printed)[-1])
        failed = sum(int(number) for number in re.findall(failures, printed)) + len(FAILING.findall(printed))
        [pinned] = re.findall(version, (HERE / pins.format(work=work)).read_text())
        rows.append([client, pinned, str(tried), str(tried - failed)])
    return "".join("\t".join(row) + "\n" for row in sorted(rows, key=lambda row: row[0].lower()))


def failing(work, ran):
    """The steps that do not pass, with their reasons."""
    rows = kept("failing.tsv", 0, ran)
    for client in ran:
        rows += [[client, *step] for step in FAILING.findall((work / f"{client}.txt").read_text())]
    return "".join("\t".join(row) + "\n" for row in sorted(rows, key=lambda row: (row[0].lower(), row[2], row[1])))


def main():
    work = Path(sys.argv[1]).resolve()
    ran = [client for client in CLIENTS if (work / f"{client}.txt").exists()]
    stale = []
    for name, table in (("walked.tsv", walked), ("results.tsv", results), ("failing.tsv", failing)):
        text = table(work, ran)
        if (HERE / name).read_text() != text:
            if os.environ.get("AZDO_BLESS"):
                (HERE / name).write_text(text)
            else:
                stale.append(name)
    if stale:
        sys.exit(f"{' and '.join(stale)} differ from this run; run AZDO_BLESS=1 scripts/test-clients and read the difference")


main()
