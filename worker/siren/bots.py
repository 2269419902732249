"""The robots of 企业微信 and 钉钉, whose answers are read: both say 200 to what they refuse."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any

import requests
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.wecombot import NotifyWeComBot

_SAID = 200  # characters of an answer that a reason quotes


class WeComBot(NotifyWeComBot):  # type: ignore[no-untyped-call]  # how its kind is registered has no types
    """https://developer.work.weixin.qq.com/document/path/91770: `errcode` is 0 for what was taken."""

    def send(self, body: str, title: str = "", *_: Any, **__: Any) -> bool:
        return _posted(self, self.api_url, {}, {"msgtype": "text", "text": {"content": body}})


class DingTalk(NotifyDingTalk):  # type: ignore[no-untyped-call]  # as above
    """https://open.dingtalk.com/document/robots/custom-robot-access: `errcode` likewise. The signature is
    encoded once, as they ask; apprise 2.3.0 does it twice."""

    def send(self, body: str, title: str = "", *_: Any, **__: Any) -> bool:
        said = {
            "msgtype": "text",
            "at": {"atMobiles": self.targets, "isAtAll": False},
            "text": {"content": f"{title}\n{body}" if title else body},
        }
        signed = {}
        if self.secret:
            timestamp = str(round(time.time() * 1000))
            key, text = self.secret.encode(), f"{timestamp}\n{self.secret}".encode()
            digest = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest())
            signed = {"timestamp": timestamp, "sign": digest.decode()}
        return _posted(self, self.notify_url.format(token=self.token), signed, said)


def _posted(service: Any, url: str, query: dict[str, str], said: dict[str, Any]) -> bool:
    service.throttle()
    try:
        answer = requests.post(
            url,
            params=query,
            json=said,
            verify=service.verify_certificate,
            timeout=service.request_timeout,
            allow_redirects=False,
        )
    except requests.RequestException as fault:  # its words have the address, which is secret
        service.logger.warning("no answer: %s", type(fault).__name__)
        return False
    try:
        taken = bool(answer.json()["errcode"] == 0)
    except (ValueError, KeyError, TypeError):
        taken = False
    if not taken:
        service.logger.warning("refused: HTTP %d, %s", answer.status_code, answer.text[:_SAID])
    return taken
