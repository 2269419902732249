"""`dibao sample`: changes the running sample newspaper, to watch what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime

import typer

from bulletins.errors import ConfigError
from worker import embedded
from worker import sample as newspaper
from worker.cli.common import ConfigOption, app, out, settings_of
from worker.config import Settings

commands = typer.Typer(help="Change the sample newspaper and watch the feeds.", no_args_is_help=True)
app.add_typer(commands, name="sample")


def _settings(config: ConfigOption) -> Settings:
    settings = settings_of(config)
    if not settings.sample.enabled:
        raise ConfigError("the sample newspaper is off", "[sample] enabled", "Set it to true")
    settings.service.data_dir.mkdir(parents=True, exist_ok=True)
    return settings


def _told(settings: Settings, what: str, follows: str) -> None:
    out.print(what)
    if embedded.running(settings):
        out.print(f"Within 15 seconds {follows}")
    else:
        out.print("It is seen at the next `dibao up` or `dibao run`.")


@commands.command()
def publish(config: ConfigOption = None) -> None:
    """The newspaper prints one more article."""
    settings = _settings(config)
    headline = newspaper.publish(settings.service.data_dir, datetime.now(UTC))
    _told(settings, f"Printed: {headline}", "it is in the feeds of its county.")


@commands.command()
def correct(config: ConfigOption = None) -> None:
    """The newspaper corrects an article that it has printed."""
    settings = _settings(config)
    headline = newspaper.correct(settings.service.data_dir, datetime.now(UTC))
    _told(settings, f"Corrected: {headline}", "its entry has changed, under its old id.")


@commands.command()
def redesign(config: ConfigOption = None) -> None:
    """The newspaper's site gets another design, which no layout knows."""
    settings = _settings(config)
    newspaper.redesign(settings.service.data_dir)
    _told(
        settings,
        "The site looks different now.",
        "`dibao status` says layout_changed; the feeds stay as they are.",
    )


@commands.command()
def restore(config: ConfigOption = None) -> None:
    """The old design is back."""
    settings = _settings(config)
    newspaper.restore(settings.service.data_dir)
    _told(settings, "The site looks as it did.", "`dibao status` says ok.")
