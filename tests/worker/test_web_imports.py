"""What the web server loads before anybody has asked for anything: each library here is megabytes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

# Whoever asks for a combination, a status or a metric has them loaded then; published files need none.
HEAVY = {"alembic", "apprise", "bs4", "celery", "chompjs", "feedgen", "feedparser", "holidays", "httpx"}
HEAVY |= {"kombu", "lxml", "nh3", "psycopg", "pypinyin", "redis", "segno", "sqlalchemy.dialects.postgresql"}

OPEN = """
import json, sys
from worker import config
from worker.door import LiveState
from worker.web.__main__ import configured, create_app

settings = config.load(config.config_path())
configured(create_app(settings, LiveState(settings))).load()
print(json.dumps(sorted(sys.modules)))
"""


def test_the_web_server_starts_without_what_it_may_never_need(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("", "utf-8")
    environment = {"DIBAO_CONFIG": str(tmp_path / "config.toml"), "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", OPEN], env=environment, check=True, capture_output=True)
    loaded = set(json.loads(done.stdout))
    assert {"starlette", "sqlalchemy", "worker.web.app"} <= loaded  # it is the server that was looked at
    assert sorted(HEAVY & loaded) == []
