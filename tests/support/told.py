"""How what is wrong is told: incident, metrics, `dibao status` and log name one and the same thing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from typer.testing import CliRunner

from tests.support.flow import House
from worker.cli.common import app
from worker.incidents import KINDS, SOURCE, Incident
from worker.web.gauges import of_service


def told_alike(made: House, database: Path, kind: str, reason: str = "") -> None:
    """Exactly the incidents that last are what /metrics counts and `dibao status` shows, the one of `kind`
    among them, with its reason and what to do."""
    lasting = made.store.open_incidents()
    (one, *_) = [each for each in lasting if each.cause.kind == kind and reason in each.cause.reason]
    assert one.cause.reason, one
    assert one.cause.action, one
    opened = [line["reason"] for line in made.lines.of("incident.opened") if line["status"] == kind]
    assert opened, made.lines.events[-20:]
    counted = _counted(made)
    assert counted == dict.fromkeys(KINDS, 0) | {
        each: [one.cause.kind for one in lasting].count(each) for each in {one.cause.kind for one in lasting}
    }
    _shown(made, database, lasting, one)


def _counted(made: House) -> dict[str, float]:
    """Open incidents by kind, as /metrics has them."""
    now = made.clock.now()
    families = {family.name: family for family in of_service(made.store.figures(now), {}, now)}
    return {sample.labels["kind"]: sample.value for sample in families["dibao_incidents_open"].samples}


def _shown(made: House, database: Path, lasting: Sequence[Incident], one: Incident) -> None:
    """`dibao status` over a copy: a command makes the store as its configuration says."""
    folder = made.public.parent / "told"
    folder.mkdir(exist_ok=True)
    with (
        closing(sqlite3.connect(database)) as held,
        closing(sqlite3.connect(folder / "dibao.db")) as copy,
    ):
        held.backup(copy)
    stanzas = "".join(
        f'[[sources]]\nid = "{each.id}"\nname = "{each.name}"\nurl = "{each.url}"\n'
        'region = "510000"\nevery = "30m"\n'
        for each in made.ports.rules.sources.values()
    )
    config = folder / "config.toml"
    folders = f'data_dir = "{folder}"\npublic_dir = "{folder / "public"}"\n'
    config.write_text(f"[service]\n{folders}{stanzas}", "utf-8")
    said = CliRunner().invoke(app, ["status", "--json", "--config", str(config)])
    assert said.exit_code == 0, said.output
    found = json.loads(said.stdout)
    assert {(each["id"], each["status"], each["reason"]) for each in found["incidents"]} == {
        (each.n, each.cause.kind, each.cause.reason) for each in lasting
    }
    if one.subject.what == SOURCE:
        (state,) = [each for each in found["sources"] if each["id"] == one.subject.name]
        assert (state["state"], state["reason"], state["action"]) == (
            one.cause.kind,
            one.cause.reason,
            one.cause.action,
        )
    shown = CliRunner().invoke(app, ["status", "--config", str(config)]).stdout
    assert one.cause.kind in shown
    assert "".join(one.cause.reason.split())[:60] in "".join(shown.split())
