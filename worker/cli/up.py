"""`dibao up`: everything, in the foreground."""

from __future__ import annotations

import threading
import time

import typer

from worker import embedded, ground
from worker.cli.common import ConfigOption, FormatOption, app, log_as, out, settings_of
from worker.config import Settings

_LOOK = 0.05  # seconds between two looks at what is published
_FIRST_NEWS = 20.0  # seconds that `up` waits for the sample before it prints the addresses all the same


@app.command()
def up(config: ConfigOption = None, log_format: FormatOption = "auto") -> None:
    """Start everything in the foreground: broker, worker, beat, web, sample newspaper. Ctrl-C stops it."""
    settings = settings_of(config)
    log_as("cli", log_format)
    ground.require_secrets(settings)
    ground.ready(settings)  # the items, as the configuration says, are its worker's to prepare
    raise typer.Exit(embedded.up(settings, lambda: _announce(settings)))


def _announce(settings: Settings) -> None:
    threading.Thread(target=_addresses, args=(settings,), daemon=True).start()


def _addresses(settings: Settings) -> None:
    """Print where the feeds are, once the first news is in them."""
    last = settings.service.public_dir / "index.html"  # it comes with the first item, after the feeds
    until = time.monotonic() + _FIRST_NEWS
    while settings.sample.enabled and not last.exists() and time.monotonic() < until:
        time.sleep(_LOOK)
    base = settings.service.base_url.rstrip("/")
    out.print(f"\n[bold]邸报 Dibao[/] is up at {base}/\n")
    for suffix in settings.publish.formats:
        out.print(f"  everything        {base}/feeds/all.{suffix}")
    region = next((source.region for source in settings.all_sources if source.region), None)
    if region:
        out.print(f"  a region          {base}/feeds/region/{region}.{settings.publish.formats[0]}")
    out.print(f"  every feed        {base}/feeds.json   {base}/opml.xml")
    out.print("\n  Ctrl-C stops all of it.\n")
