"""How a poll flows: dispatch, poll, fetch, ingest, publish, over ports; no I/O of its own."""
