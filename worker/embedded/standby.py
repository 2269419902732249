"""A server's command line -> that server, once no other one lives on the same data.

Run as a script of its own, `standby.py LOCK_FILE COMMAND…`. The lock passes through exec to the server and
ends with it, so that two commands on one data_dir never open the same append-only file, and who waits here
takes over the moment the other is gone.
"""

from __future__ import annotations

import fcntl
import os
import sys

if __name__ == "__main__":
    lock = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.set_inheritable(lock, True)
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606  # it becomes the server; nothing to quote
