"""Temporal in settings: its own variables and profile file, and what in them would be passed over in silence."""

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from settings.variables import SettingsError

if TYPE_CHECKING:
    from temporalio.envconfig import ClientConnectConfig

KNOWN_TO_TEMPORAL = (
    "TEMPORAL_ADDRESS",
    "TEMPORAL_NAMESPACE",
    "TEMPORAL_API_KEY",
    "TEMPORAL_PROFILE",
    "TEMPORAL_CONFIG_FILE",
    "TEMPORAL_TLS",
    "TEMPORAL_TLS_CLIENT_CERT_PATH",
    "TEMPORAL_TLS_CLIENT_CERT_DATA",
    "TEMPORAL_TLS_CLIENT_KEY_PATH",
    "TEMPORAL_TLS_CLIENT_KEY_DATA",
    "TEMPORAL_TLS_SERVER_CA_CERT_PATH",
    "TEMPORAL_TLS_SERVER_CA_CERT_DATA",
    "TEMPORAL_TLS_SERVER_NAME",
    "TEMPORAL_TLS_DISABLE_HOST_VERIFICATION",
)


def read_temporal(told: Mapping[str, str]) -> "ClientConnectConfig | None":
    """Temporal's own variables and profile file name a cluster; where they say nothing, it is embedded."""
    from temporalio.envconfig import ClientConfigProfile

    refuse_doubtful_temporal(told)
    try:
        # config_file_strict: a misspelt key in the profile file is an error, not a default.
        profile = ClientConfigProfile.load(config_file_strict=True, override_env_vars=dict(told))
        config = profile.to_client_connect_config()
    except Exception as problem:
        raise SettingsError(f"Temporal's settings (TEMPORAL_* or its profile file) are wrong: {problem}.") from None
    if config and "target_host" not in config:
        raise SettingsError(
            f"Temporal's settings name {', '.join(sorted(config))} but no address: set "
            "TEMPORAL_ADDRESS=host:port, or leave them all out to run the embedded server."
        )
    if config and not re.fullmatch(r"\S+:\d{1,5}", config["target_host"]):
        raise SettingsError(f"TEMPORAL_ADDRESS is {config['target_host']!r}: it should be host:port.")
    return config or None


def refuse_doubtful_temporal(told: Mapping[str, str]) -> None:
    """What Temporal's reader passes over would start an embedded server where a cluster was meant."""
    for name in told:
        near = difflib.get_close_matches(name, KNOWN_TO_TEMPORAL, n=1, cutoff=0.85)
        if name not in KNOWN_TO_TEMPORAL and near:
            raise SettingsError(f"{name} is not a setting of Temporal's: did you mean {near[0]}?")
    file = told.get("TEMPORAL_CONFIG_FILE")
    if file and not Path(file).is_file():
        raise SettingsError(f"TEMPORAL_CONFIG_FILE is {file!r}: no such file.")
    if told.get("TEMPORAL_TLS", "true").lower() not in ("true", "false", "1", "0"):
        raise SettingsError(f"TEMPORAL_TLS is {told['TEMPORAL_TLS']!r}: it should be true or false.")
