"""Messages to people, through apprise: an address and a text in, and out why it was not taken."""

from __future__ import annotations

import logging
from typing import Any

from worker.alarms import Receiver

_SECONDS = 20.0  # for one message, whatever the service does


class AppriseSiren:
    """`worker.alarms.Siren`. apprise, which takes 30 MB, is loaded when somebody is to be told."""

    def sound(self, receiver: Receiver, title: str, text: str, *, over: bool) -> str:
        import apprise

        capture: Any = apprise.LogCapture
        made = apprise.Apprise()
        with capture(level=logging.WARNING, fmt="%(message)s") as lines:
            service = _service(receiver.url)
            if service is None or not made.add(service):
                return "no service of apprise has an address of this form"
            kind = apprise.NotifyType.SUCCESS if over else apprise.NotifyType.FAILURE
            taken = made.notify(
                title=title, body=text, notify_type=kind, body_format=apprise.NotifyFormat.TEXT
            )
            said = lines.getvalue().strip().splitlines()
        if taken:
            return ""
        return said[-1] if said else "it did not answer in time"


def _service(url: str) -> Any:
    """apprise's service at an address; None where it has none."""
    import apprise

    from worker.siren import bots

    asset = apprise.AppriseAsset(
        app_id="Dibao", app_desc="邸报", async_mode=False, storage_mode="memory", service_timeout=_SECONDS
    )
    own: dict[str, Any] = {"wecombot": bots.WeComBot, "dingtalk": bots.DingTalk}
    kind = own.get(url.partition("://")[0].lower())
    if kind is None:
        return apprise.Apprise.instantiate(url, asset=asset)
    said = kind.parse_url(url)
    try:
        return kind(**said, asset=asset) if said else None
    except TypeError:  # as apprise's services refuse what they cannot be made with
        return None
