"""Does the same tasks with `azdo-bot mcp` and with `@azure-devops/mcp` against the same simulator, and prints the tables.

Both are called by the same client, without a model: each task has the calls that a model has to make. Bytes are those of the
arguments and of the text of the results, which is what a model reads and writes. Requests are those that reach Azure DevOps.
"""

import asyncio
import base64
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from mcp import Client, StdioServerParameters

from compare_speed import timed
from compare_tasks import TASKS, Bot, Failed, Missing, Other, Partly

HERE = Path(__file__).parent
PROGRAM = os.environ["AZDO_BOT"]
OTHER = HERE.parents[2] / "target/test-clients/mcp-other/node_modules/@azure-devops/mcp/dist/index.js"


@contextlib.contextmanager
def simulator(world: Path = HERE / "compare-world.toml") -> Iterator[dict]:
    """Starts a simulator, and returns what it says about itself"""
    command = [PROGRAM, "simulate", "--json", "--port", "0", "--world", str(world)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


class Counter:
    """Passes requests on to the simulator and counts them; it can lose the response to one, and delay all"""

    # Those of every organization
    requests = 0
    connections = 0

    def __init__(self, base: str, delay: float = 0) -> None:
        self.lose: re.Pattern | None = None
        target = urlsplit(base)
        counter = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                Counter.connections += 1
                self.upstream = HTTPConnection(target.hostname, target.port)

            def pass_on(self) -> None:
                Counter.requests += 1
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name: value for name, value in self.headers.items() if name.lower() != "accept-encoding"}
                self.upstream.request(self.command, self.path, body, headers)
                response = self.upstream.getresponse()
                # Its addresses lead here again.
                content = response.read().replace(target.netloc.encode(), counter.netloc.encode())
                time.sleep(delay)
                if counter.lose and counter.lose.search(f"{self.command} {self.path}"):
                    counter.lose = None
                    self.close_connection = True
                    return
                self.send_response_only(response.status)
                for name, value in response.getheaders():
                    if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_OPTIONS = do_HEAD = pass_on

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.netloc = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()


def bot(base: str, token: str) -> StdioServerParameters:
    second, second_token = os.environ["SECOND_ORGANIZATION"], os.environ["SECOND_PAT"]
    # Tokens are sent to organizations that the operator names only.
    config = Path(tempfile.mkdtemp(prefix="compare-")) / "azdo-bot.toml"
    tables = [("first", "env:AZDO_PAT", base), ("second", "env:AZDO_SECOND_PAT", second)]
    lines = [f'[lockers."compare/{name}/pat"]\nreference = "{reference}"\norganization = "{where}/fabrikam"\n' for name, reference, where in tables]
    config.write_text("\n".join(lines))
    config.chmod(0o600)
    arguments = ["mcp", "--allow-destructive", "--allow-loopback-http", "--config", str(config)]
    return StdioServerParameters(command=PROGRAM, args=arguments, env={"AZDO_PAT": token, "AZDO_SECOND_PAT": second_token})


def other(base: str, token: str) -> StdioServerParameters:
    arguments = ["--import", str(HERE / "other-server/redirect.mjs"), str(OTHER), "fabrikam"]
    arguments += ["--authentication", "pat", "--tenant", "none"]
    encoded = base64.b64encode(f"bot@fabrikam.example:{token}".encode()).decode()
    environment = {**os.environ, "SIMULATOR_URL": base, "PERSONAL_ACCESS_TOKEN": encoded, "LOG_LEVEL": "error"}
    return StdioServerParameters(command="node", args=arguments, env=environment)


def runs(base: str, token: str) -> int:
    """Returns how many runs the pipeline has"""
    target = urlsplit(base)
    connection = HTTPConnection(target.hostname, target.port)
    basic = base64.b64encode(f":{token}".encode()).decode()
    connection.request("GET", "/fabrikam/Fabrikam/_apis/build/builds", headers={"Authorization": f"Basic {basic}"})
    return json.loads(connection.getresponse().read())["count"]


async def tasks(make: Callable, of: Callable) -> tuple[dict[str, str], str]:
    """Does every task, and returns a cell for each, and one for the list of tools"""
    cells = {}
    with simulator() as simulated:
        base = simulated["organizationUrl"].rsplit("/", 1)[0]
        counter = Counter(base)
        url, token = f"http://{counter.netloc}", simulated["token"]
        async with Client(of(url, token), mode="legacy") as client:
            listed = (await client.list_tools()).tools
            size = sum(len(tool.model_dump_json(exclude_none=True, by_alias=True).encode()) for tool in listed)
            server = make(client, url)
            for name in TASKS:
                before = (server.calls, server.bytes, Counter.requests)
                begun = runs(base, token)
                counter.lose = re.compile("POST .*(/runs|/builds)") if name == "lost_response" else None
                try:
                    await getattr(server, name)()
                    done = "yes"
                    if name == "lost_response" and runs(base, token) != begun + 1:
                        done = f"no, {runs(base, token) - begun} runs"
                except Missing:
                    done = "no tool"
                except Partly as partly:
                    done = str(partly)
                except (Failed, AssertionError) as failed:
                    print(f"{make.__name__} {name}: {failed}"[:600], file=sys.stderr)
                    started = runs(base, token) - begun
                    done = f"an error, and {started} run" if name == "lost_response" else "no, an error"
                after = (server.calls, server.bytes, Counter.requests)
                calls, size_of, requests = (b - a for a, b in zip(before, after))
                cells[name] = f"{done} | {calls} | {size_of:,} | {requests}" if calls else f"{done} | – | – | –"
    return cells, f"{len(listed)} tools, {size:,} bytes"


async def main() -> None:
    with simulator() as second:
        counter = Counter(second["organizationUrl"].rsplit("/", 1)[0])
        os.environ["SECOND_ORGANIZATION"] = f"http://{counter.netloc}"
        os.environ["SECOND_PAT"] = second["token"]
        await compare()


async def compare() -> None:
    ours, our_tools = await tasks(Bot, bot)
    theirs, their_tools = await tasks(lambda client, _: Other(client), other)
    print("| Task | `azdo-bot mcp` | Calls | Bytes | Requests | `@azure-devops/mcp` | Calls | Bytes | Requests |")
    print("|---|---|---|---|---|---|---|---|---|")
    print(f"| List the tools | {our_tools} | | | | {their_tools} | | | |")
    for name, title in TASKS.items():
        print(f"| {title} | {ours[name]} | {theirs[name]} |")
    with simulator() as simulated:
        base, token = simulated["organizationUrl"].rsplit("/", 1)[0], simulated["token"]
        ours_timed = timed(bot(base, token), base, True)
        theirs_timed = timed(other(base, token), base, False)
    print("\n| On standard input and output | `azdo-bot mcp` | `@azure-devops/mcp` | Ratio |")
    print("|---|---|---|---|")
    rows = {
        "answer": "start to the first answer, ms",
        "cold": "start to the first list of repositories, ms",
        "warm": "list of repositories, warm, p50, ms",
        "memory": "peak memory, MiB",
    }
    for row, title in rows.items():
        one, two = ours_timed[row], theirs_timed[row]
        print(f"| {title} | {one:.2f} | {two:.1f} | {two / one:.1f} × |")
    print(f"| call without network, p50, ms | {ours_timed['local']:.3f} | – | – |")


if __name__ == "__main__":
    asyncio.run(main())
