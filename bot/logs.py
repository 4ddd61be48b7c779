"""Logs: one JSON object per line, without tokens and without what people typed."""

import logging
import re
import sys
from typing import Any

from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import RequestPayloadError
from pythonjsonlogger.json import JsonFormatter

# Slack tokens, bearer tokens, and addresses that are secrets in themselves.
_SECRETS = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|Bearer\s+\S+|https?://hooks\.\S+|://[^:/\s]+:[^@\s]+@")


class _WithoutSecrets(JsonFormatter):
    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        return {
            key: _SECRETS.sub("[secret]", value) if isinstance(value, str) else value for key, value in log_data.items()
        }


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a line of the web server is about us: that somebody sends what is no HTTP is their trouble."""
    problem = record.exc_info[1] if record.exc_info else None
    return not isinstance(problem, HttpProcessingError | RequestPayloadError)


def start_logging(level: str) -> None:
    """Write the log to standard error from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _WithoutSecrets(
            "{asctime}{levelname}{name}{message}", style="{", rename_fields={"asctime": "at", "levelname": "level"}
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("aiohttp.server").addFilter(_is_ours)
    logging.getLogger("cityops").setLevel(level)
