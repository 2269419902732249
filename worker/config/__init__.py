"""config.toml and the environment -> Settings; every fault names its file and key."""

from worker.config.loading import ENV_CONFIG, config_path, current, load
from worker.config.settings import Service, Settings, Web, sample_stanza

__all__ = ["ENV_CONFIG", "Service", "Settings", "Web", "config_path", "current", "load", "sample_stanza"]
