"""One run tree on three machines, which are network namespaces with a network of their own to one redis-server.

    unshare --user --map-root-user --net --mount python3 -B tests/redis/machines.py AZDO-BOT

AZDO-BOT is the program, built with the feature store-redis. `ip`, `nsenter`, `redis-server` and `faketime` of Debian have
to be installed. The clock of the third machine is an hour ahead. Each machine has a simulator with one address and one world,
and a token of its own, since a session is shared by reference.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAM = sys.argv[1]
CHILD = Path(__file__).parents[2] / "examples/many-machines/child.bot.json"
STORE, PORT, WORLD = "10.77.0.1", 7700, "world.json"
# How long a session may still be used, in seconds: after a Disconnect that is seen, after one that is not, and after the
# death of the root
HEALTHY, APART, DEAD = 1, 5, 35
# The environment of a program whose clock is an hour ahead
AHEAD = {
    "LD_PRELOAD": "/usr/$LIB/faketime/libfaketime.so.1",
    "FAKETIME": "+1h",
    "FAKETIME_DONT_FAKE_MONOTONIC": "1",
}


def run(*command: str) -> None:
    subprocess.run(command, check=True)


def start(*command: str, **options) -> subprocess.Popen:
    return subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)


class Machine:
    """A network namespace, with a simulator and an operator's file"""

    def __init__(self, folder: Path, number: int, clock: dict[str, str]):
        self.link = f"machine{number}"
        self.holder = start("unshare", "--net", "sh", "-c", "echo ready; exec sleep infinity")
        assert self.holder.stdout.readline() == "ready\n"
        run("ip", "link", "add", self.link, "type", "veth", "peer", "name", "network", "netns", str(self.holder.pid))
        run("ip", "address", "add", f"10.77.{number}.1/24", "dev", self.link)
        run("ip", "link", "set", self.link, "up")
        for setting in (
            f"address add 10.77.{number}.2/24 dev network",
            "link set lo up",
            "link set network up",
            f"route add default via 10.77.{number}.1",
        ):
            assert self.inside("ip", *setting.split()).wait() == 0, setting
        world = ["--port", str(PORT), "--world", str(folder / WORLD)]
        self.simulator = self.inside(PROGRAM, "simulate", "--json", *world)
        world = json.loads(self.simulator.stdout.readline())
        self.url, self.project = world["organizationUrl"], world["projects"][0]
        self.operator = folder / f"{self.link}.toml"
        self.operator.write_text(
            f'[sessions]\nstore = "redis://{STORE}"\n[network]\nallow_loopback_http = true\n'
            f'[lockers."team/azdo/pat"]\nreference = "env:AZDO_PAT"\norganization = "{self.url}"\n'
        )
        self.operator.chmod(0o600)
        self.environment = {**os.environ, "AZDO_PAT": world["token"], **clock}

    def inside(self, *command: str, **options) -> subprocess.Popen:
        """Starts a program on the machine"""
        return start("nsenter", f"--net=/proc/{self.holder.pid}/ns/net", *command, **options)

    def program(self, command: str, *arguments: str, tree: str | None = None) -> subprocess.Popen:
        joined = {"AZDO_RUN_TREE": tree} if tree else {}
        environment = {**self.environment, **joined}
        return self.inside(PROGRAM, command, "--config", str(self.operator), *arguments, env=environment)

    def cut(self) -> None:
        """Takes the machine from the network"""
        run("ip", "link", "set", self.link, "down")

    def stop(self) -> None:
        for process in (self.simulator, self.holder):
            process.kill()
            process.wait()


class Process:
    """`azdo-bot serve` with one bot run, of a new run tree or of one that another process began"""

    def __init__(self, machine: Machine, bot_run: str, tree: str | None = None):
        self.machine, self.bot_run, self.number = machine, bot_run, 0
        self.process = machine.program("serve", tree=tree)
        self.call("initialize", {"protocol": {"min": 1, "max": 1}})
        self.tree = self.call("botRun/start", {"id": bot_run})["result"]["runTree"]

    def call(self, method: str, params: dict) -> dict:
        self.number += 1
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def act(self, action: str, inputs: dict, **more) -> str:
        """Runs an action, and returns `ok` or the code of its error"""
        response = self.call("action/execute", {"botRun": self.bot_run, "action": action, "inputs": inputs, **more})
        return response["error"]["data"]["code"] if "error" in response else "ok"

    def connect(self, name: str) -> str:
        credential = {"lockerName": "team", "name": "azdo", "attributeName": "pat"}
        inputs = {
            "personalAccessToken": credential,
            "organizationUrl": self.machine.url,
            "projectName": self.machine.project,
        }
        return self.act("connect", inputs, target={"scope": "GLOBAL", "name": name})

    def use(self, name: str) -> str:
        return self.act("listRepositories", {"session": name})

    def works_for(self, name: str, since: float) -> tuple[float, str]:
        """Uses a session until it fails; returns when the last use began that succeeded, and the code of the error"""
        last = since
        while True:
            began = time.monotonic()
            if (outcome := self.use(name)) != "ok":
                return last - since, outcome
            last = began

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def within(bound: int, what: str, found: tuple[float, str], *codes: str) -> None:
    seconds, code = found
    print(f"{what}: {code} after {seconds:.2f} s, at most {bound} s", flush=True)
    assert seconds <= bound and code in codes, found


def children(tree: str, machines: list[Machine]) -> None:
    """Runs two children on each machine, which work through the session of their parent"""
    started = [
        machine.program("run", str(CHILD), "--input", f"repository=child-{number}", tree=tree)
        for machine in machines
        for number in (1, 2)
    ]
    for child in started:
        text, _ = child.communicate()
        assert child.returncode == 0, text


def family(machines: list[Machine]) -> None:
    first, second, third = machines
    root, member = Process(first, "root"), Process(second, "member")
    assert root.connect("Default") == "ok"
    member.kill()
    children(root.tree, [second, third])
    print("a parent on one machine, children on two others: ok", flush=True)

    member, ahead = (Process(machine, "member", root.tree) for machine in (second, third))
    assert "faketime" in Path(f"/proc/{ahead.process.pid}/maps").read_text(), "the clock is not changed"
    assert ahead.connect("Ahead") == "ok"
    assert [process.use(name) for process in (root, member, ahead) for name in ("Default", "Ahead")] == ["ok"] * 6
    assert member.connect("Ahead") == "session.name_in_use"
    ahead.kill()
    assert root.use("Ahead") == "ok"
    print("a machine whose clock is an hour ahead, and the death of a member: ok", flush=True)

    assert root.act("disconnect", {"session": "Ahead"}) == "ok"
    within(HEALTHY, "Disconnect", member.works_for("Ahead", time.monotonic()), "session.closed")
    assert member.use("Default") == "ok"
    second.cut()
    assert root.act("disconnect", {"session": "Default"}) == "ok"
    apart = member.works_for("Default", time.monotonic())
    within(APART, "Disconnect with a machine that is cut off", apart, "store.unavailable")
    member.kill()

    late = Process(third, "late", root.tree)
    assert root.connect("Default") == late.use("Default") == "ok"
    root.kill()
    within(DEAD, "the death of the root", late.works_for("Default", time.monotonic()), "session.closed", "bot_run.ended")
    late.kill()


def create_world(path: Path) -> None:
    """Saves a world, whose project then has one id on all machines"""
    simulator = start(PROGRAM, "simulate", "--json", "--save-world", str(path))
    simulator.stdout.readline()
    simulator.terminate()
    assert simulator.wait() == 0


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, machines = Path(name), []
        create_world(folder / WORLD)
        # The library of `faketime` leaves files there.
        run("mount", "-t", "tmpfs", "none", "/dev/shm")
        run("ip", "link", "set", "lo", "up")
        run("ip", "address", "add", f"{STORE}/32", "dev", "lo")
        redis = start("redis-server", "--bind", STORE, "--protected-mode", "no", "--save", "", "--dir", name)
        try:
            while "eady to accept connections" not in redis.stdout.readline():
                assert redis.poll() is None, "redis-server does not start"
            for number in (1, 2, 3):
                machines.append(Machine(folder, number, AHEAD if number == 3 else {}))
            family(machines)
        finally:
            redis.kill()
            for machine in machines:
                machine.stop()


main()
