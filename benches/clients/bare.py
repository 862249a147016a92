"""A process without a client: it sends the same bytes on sockets and decodes nothing. It shows what the simulator can do."""

import base64
import json
import os
import selectors
import socket
import statistics
import sys
import time
from urllib.parse import urlsplit

URL, LAST = urlsplit(os.environ["CLIENT_URL"]), os.environ["CLIENT_LAST"].encode()


def request(path: str) -> bytes:
    basic = base64.b64encode(f":{os.environ['CLIENT_TOKEN']}".encode()).decode()
    lines = [f"GET {URL.path}/{path} HTTP/1.1", f"Host: {URL.netloc}", f"Authorization: Basic {basic}", "Accept: application/json;api-version=7.1"]
    return "\r\n".join([*lines, "", ""]).encode()


def connect() -> socket.socket:
    opened = socket.create_connection((URL.hostname, URL.port))
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return opened


def receive(connection: socket.socket) -> bytes:
    """Returns the whole response, whose length is in its head"""
    response = connection.recv(1 << 18)
    head = response.index(b"\r\n\r\n") + 4
    length = int(response[:head].lower().split(b"content-length:", 1)[1].split(b"\r", 1)[0])
    while len(response) < head + length:
        response += connection.recv(1 << 18)
    assert response.startswith(b"HTTP/1.1 200"), response[:200]
    return response


def exchange(connection: socket.socket, message: bytes) -> bytes:
    connection.sendall(message)
    return receive(connection)


def warm(calls: int) -> float:
    times = []
    for _ in range(calls):
        at = time.perf_counter()
        assert LAST in exchange(CONNECTION, LIST)
        times.append(time.perf_counter() - at)
    return statistics.median(times)


def in_flight(calls: int, width: int) -> float:
    selector = selectors.DefaultSelector()
    for _ in range(width):
        selector.register(connect(), selectors.EVENT_READ)
    at = time.perf_counter()
    for key in list(selector.get_map().values()):
        key.fileobj.sendall(LIST)
    asked, answered = width, 0
    while answered < calls:
        for key, _ in selector.select():
            assert LAST in receive(key.fileobj)
            answered += 1
            if asked < calls:
                key.fileobj.sendall(LIST)
                asked += 1
    took = time.perf_counter() - at
    for key in list(selector.get_map().values()):
        key.fileobj.close()
    return took


CONNECTION = connect()
PROJECT = os.environ["CLIENT_PROJECT"]
exchange(CONNECTION, request(f"_apis/projects/{PROJECT}"))
print("connected", flush=True)
LIST = request(f"{PROJECT}/_apis/git/repositories")
for line in sys.stdin:
    what, *numbers = line.split()
    print(json.dumps({"warm": warm, "flight": in_flight}[what](*map(int, numbers))), flush=True)
