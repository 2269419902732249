"""The sample newspaper as a process of its own: configuration in, HTTP out, until SIGTERM."""

from __future__ import annotations

import sys

from bulletins.errors import ConfigError, DibaoError
from worker import log
from worker.config import config_path, load
from worker.sample import serve


def main() -> int:
    """Exit status: 0 after SIGTERM or Ctrl-C, 1 for a fault of the machine, 2 of the configuration."""
    log.setup("sample")
    try:
        serve(load(config_path()))
    except DibaoError as fault:
        log.logger().error("sample.stopped", reason=f"{fault.where}: {fault.what}", action=fault.action)
        return 2 if isinstance(fault, ConfigError) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
