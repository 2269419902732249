"""Row 11 where addresses outside loopback are real: a network namespace whose only interface is `lo`."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow  # another interpreter, with everything that it loads

# Every address below answers there, to whoever dials it; what was dialled is told by the server's own end.
DIALS = r"""
import fcntl, socket, struct, threading

from bulletins.errors import FetchError
from tests.support.fetching import fetcher

PUBLIC = ["8.8.4.4", "93.184.216.34"]
INTERNAL = ["10.1.2.3", "172.16.0.9", "192.168.7.7", "169.254.169.254", "100.64.3.3", "198.18.0.1",
            "192.0.2.44", "203.0.113.5", "127.0.0.1", "127.9.9.9"]
SPELT = ["167838211", "0xa010203", "012.1.2.3", "10.66051", "2130706433", "0x7f.1", "127.1", "0",
         "[::1]", "[::ffff:10.1.2.3]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[64:ff9b::a01:203]",
         "[fe80::1]", "[fd00::1]", "[::127.0.0.1]", "１０.１.２.３", "10。1。2。3",
         "8.8.4.4@10.1.2.3", "localhost", "localhost.", "internal.example", "turning.example"]
control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def address(call, name, ip):
    four = socket.inet_aton(ip)
    request = struct.pack("16sH2s4s8s", name.encode(), socket.AF_INET, bytes(2), four, bytes(8))
    fcntl.ioctl(control, call, request)


def up(name):
    fcntl.ioctl(control, 0x8914, struct.pack("16sH14s", name.encode(), 0x1 | 0x40, bytes(14)))  # SIOCSIFFLAGS


up("lo")
for n, ip in enumerate([*PUBLIC, *INTERNAL]):
    if not ip.startswith("127."):
        address(0x8916, f"lo:{n}", ip)  # SIOCSIFADDR
        address(0x891C, f"lo:{n}", "255.255.255.255")  # SIOCSIFNETMASK

dialled = []
server = socket.create_server(("::", 80), family=socket.AF_INET6, dualstack_ipv6=True)


def serve():
    while True:
        connection, _ = server.accept()
        dialled.append(connection.getsockname()[0].removeprefix("::ffff:"))
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        connection.close()


threading.Thread(target=serve, daemon=True).start()
for ip in INTERNAL:  # each is there to be reached: a plain client does
    with socket.create_connection((ip, 80), 5) as there:
        there.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert there.recv(99).startswith(b"HTTP/1.1 200"), ip
assert set(dialled) == set(INTERNAL), dialled
dialled.clear()

turns = iter(range(1000))


def resolve(host, port):
    if host == "internal.example":
        return ["10.1.2.3"]
    if host == "turning.example":  # public when it is looked at, and internal ever after
        return ["8.8.4.4"] if next(turns) == 0 else ["169.254.169.254"]
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [each[4][0] for each in found]


with fetcher(timeout=3.0, resolve=resolve) as client:
    for ip in PUBLIC:
        client.get(f"http://{ip}/page")
    reached = set(dialled)
    assert reached == set(PUBLIC), reached
    refused = 0
    for host in [*INTERNAL, *SPELT]:
        for _ in range(2):
            try:
                client.get(f"http://{host}/page")
            except FetchError as fault:
                refused += 1
            else:
                assert host == "turning.example", f"{host} was fetched from"
    assert refused >= 2 * len([*INTERNAL, *SPELT]) - 2, refused
assert set(dialled) <= set(PUBLIC), set(dialled) - set(PUBLIC)
print("refused", refused)
"""


def test_11_no_internal_address_that_answers_is_dialled() -> None:
    probe = subprocess.run(["unshare", "-rn", "true"], capture_output=True, text=True, check=False)
    if probe.returncode:
        pytest.skip(f"NO NETWORK NAMESPACE HERE, refused addresses are not dialled: {probe.stderr.strip()}")
    command = ["unshare", "-rn", sys.executable, "-c", DIALS]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("refused")
