"""The HTTP door: requests in, published files and the service's own state out."""

from worker.web.app import WebState, create_app

__all__ = ["WebState", "create_app"]
