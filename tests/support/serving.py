"""The web server served for a test: its application in, its address on loopback out."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from tests.support.processes import eventually
from worker.web.app import Door
from worker.web.protocol import configured


@contextmanager
def serving(door: Door, port: int = 0) -> Iterator[str]:
    """The base URL of a real uvicorn, set up as the product has it, in a thread of its own; at a port that
    is free, where none is given."""
    listener = socket.create_server(("127.0.0.1", port))
    server = uvicorn.Server(configured(door))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        assert eventually(lambda: server.started), "the server did not start"
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
    assert not thread.is_alive(), "the server did not stop"
