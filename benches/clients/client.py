"""A process with the Python client `azure-devops`: connects, reads the project, and does what its input says."""

import json
import os
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from azure.devops.connection import Connection
from msrest.authentication import BasicAuthentication

PROJECT, LAST = os.environ["CLIENT_PROJECT"], os.environ["CLIENT_LAST"]

connection = Connection(base_url=os.environ["CLIENT_URL"], creds=BasicAuthentication("", os.environ["CLIENT_TOKEN"]))
project = connection.clients_v7_1.get_core_client().get_project(PROJECT)
assert project.name == PROJECT
print("connected", flush=True)
git = connection.clients_v7_1.get_git_client()


def repositories(_: int = 0) -> None:
    found = git.get_repositories(PROJECT)
    assert any(repository.name == LAST for repository in found)


def warm(calls: int) -> float:
    times = []
    for _ in range(calls):
        at = time.perf_counter()
        repositories()
        times.append(time.perf_counter() - at)
    return statistics.median(times)


def in_flight(calls: int, width: int) -> float:
    at = time.perf_counter()
    with ThreadPoolExecutor(width) as pool:
        list(pool.map(repositories, range(calls)))
    return time.perf_counter() - at


for line in sys.stdin:
    what, *numbers = line.split()
    print(json.dumps({"warm": warm, "flight": in_flight}[what](*map(int, numbers))), flush=True)
