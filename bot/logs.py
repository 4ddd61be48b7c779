"""Logs: a plain line at a terminal, one JSON object per line elsewhere; without tokens and what people typed."""

import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any

from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import RequestPayloadError
from structlog.contextvars import merge_contextvars
from structlog.processors import JSONRenderer, format_exc_info
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.typing import EventDict, Processor

from bot.log_context import UNDER_WAY

# Slack tokens, bearer tokens, and addresses that are secrets in themselves.
_SECRETS = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|Bearer\s+\S+|https?://hooks\.\S+|://[^:/\s]+:[^@\s]+@")
_FINE = ("DEBUG", "INFO")


def start_logging(level: str) -> None:
    """Write the log to standard error from now on: in words at a terminal, as JSON elsewhere."""
    handler = logging.StreamHandler(sys.stderr)
    shown: list[Processor] = [_in_words] if sys.stderr.isatty() else [JSONRenderer(ensure_ascii=False, default=str)]
    chain: list[Processor] = [_begun, ExtraAdder(), merge_contextvars, _flat, format_exc_info, _without_secrets]
    handler.setFormatter(ProcessorFormatter(foreign_pre_chain=chain, processors=shown))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("aiohttp.server").addFilter(_is_ours)
    logging.getLogger("cityops").setLevel(level)


def _begun(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """The four things that each line has, in their order."""
    record: logging.LogRecord = event["_record"]
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    own = {"at": at, "level": record.levelname, "name": record.name, "message": event.pop("event")}
    return {**own, **event}


def _flat(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """What is under way beside the line's own facts, which win; without what structlog itself needed."""
    around = event.pop(UNDER_WAY, {})
    del event["_record"], event["_from_structlog"]
    return {**event, **{key: value for key, value in around.items() if value is not None and key not in event}}


def _without_secrets(_logger: Any, _method: str, event: EventDict) -> EventDict:
    if "exception" in event:
        event["exc_info"] = event.pop("exception")
    return {key: _SECRETS.sub("[secret]", value) if isinstance(value, str) else value for key, value in event.items()}


def _in_words(_logger: Any, _method: str, event: EventDict) -> str:
    """A line as people read it: when, how bad unless all is well, what, and the facts in brackets."""
    at, level, _name = event.pop("at"), event.pop("level"), event.pop("name")
    message, trouble = event.pop("message"), event.pop("exc_info", None)
    facts = ", ".join(f"{key} {value}" for key, value in event.items())
    line = "".join(
        (
            f"{datetime.fromisoformat(at).astimezone():%H:%M:%S} ",
            "" if level in _FINE else f"{level}: ",
            f"{message[:1].upper()}{message[1:]}",
            f" ({facts})" if facts else "",
        )
    )
    return f"{line}\n{trouble}" if trouble else line


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a line of the web server is about us: that somebody sends what is no HTTP is their trouble."""
    problem = record.exc_info[1] if record.exc_info else None
    return not isinstance(problem, HttpProcessingError | RequestPayloadError)
