"""One tree of errors, one class for each thing a caller can do about it; all of them survive pickling."""

from __future__ import annotations


class DibaoError(Exception):
    """What went wrong, where, and what to do; `str()` is one line for a person."""

    def __init__(self, what: str, where: str = "", action: str = "") -> None:
        super().__init__(what, where, action)
        self.what = what
        self.where = where
        self.action = action

    def __str__(self) -> str:
        line = f"{self.where}: {self.what}" if self.where else self.what
        return f"{line}. {self.action}" if self.action else line


class ConfigError(DibaoError):
    """The configuration cannot be used; the operator edits it. Exit status 2, nothing started."""


class EnvironmentFault(DibaoError):
    """The machine is not as needed (a port, a folder, a broker); the operator mends it."""


NO_ANSWER = "no answer within"  # what a FetchError begins with that cost its whole deadline


class FetchError(DibaoError):
    """A page could not be had. `retryable` says whether trying again soon can help; `status` is the HTTP
    status or None; `retry_after` is in seconds."""

    def __init__(
        self,
        what: str,
        where: str = "",
        action: str = "",
        *,
        retryable: bool = False,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(what, where, action)
        self.retryable = retryable
        self.status = status
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[object, ...]:
        state = {"retryable": self.retryable, "status": self.status, "retry_after": self.retry_after}
        return (type(self), self.args, state)


class TooEarly(DibaoError):
    """It is not yet this caller's turn to ask a host; it may come back after `seconds`."""

    def __init__(self, what: str, where: str = "", action: str = "", *, seconds: float = 0.0) -> None:
        super().__init__(what, where, action)
        self.seconds = seconds

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), self.args, {"seconds": self.seconds})


class UndecodablePage(DibaoError):
    """No encoding fits the bytes; the page is rejected, never guessed into nonsense."""
