"""Logs of every process. JSON lines: the name of an event and ids. Nothing personal.

An event of ours reads `letter.accepted id=let_… kind=ask_target`: its name, then fields, of which only known ones with
plain values are written. Of others' sentences we write the first line as it stands in their code, before anything was
filled in; of an exception its kind and its places, never its message, which may repeat what it was about.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

OURS = "introbroker"
SPOKEN_IN_FULL = ("uvicorn.error",)  # where it listens, and why it cannot
FIELDS = frozenset(
    {"arrived", "ending", "error", "id", "key", "kind", "kinds", "letter", "many", "outcome", "reason", "stage", "step"}
)
_EVENT = re.compile(r"[a-z_]+(\.[a-z_]+)+")
_FIELD = re.compile(r"(\w+)=([\w.:-]{1,80})(?= |$)")
_PLAIN = re.compile(r"[\w.:-]{1,80}")
LogEvent = MutableMapping[str, Any]


def log_as_json() -> None:
    """From here on everything this process has to say goes to its standard error, one object a line."""
    ours: list[Any] = [structlog.stdlib.add_log_level, structlog.stdlib.ExtraAdder(allow=FIELDS)]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=ours,
            processors=[in_our_words, structlog.processors.JSONRenderer(ensure_ascii=False)],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in (OURS, *SPOKEN_IN_FULL):
        logging.getLogger(name).setLevel(logging.INFO)
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    sys.excepthook = _crashed
    _quieten_temporal()


def in_our_words(_: Any, __: str, event: LogEvent) -> LogEvent:
    """The whole line, built from what is allowed in it; whatever else the record holds is left behind."""
    record: logging.LogRecord = event["_record"]
    name, fields = _said(record, event)
    line: dict[str, Any] = {"at": _instant(record), "level": event["level"], "event": name}
    line |= {key: value for key, value in fields.items() if key in FIELDS and _PLAIN.fullmatch(str(value))}
    if record.name.split(".")[0] != OURS and not event["_from_structlog"]:
        line["logger"] = record.name
    problem = _problem(event.get("exc_info"))
    return line | ({"problem": _kinds(problem), "places": _places(problem)} if problem else {})


def _said(record: logging.LogRecord, event: LogEvent) -> tuple[str, dict[str, Any]]:
    if event["_from_structlog"]:
        return str(event["event"]), dict(event)
    if record.name.split(".")[0] != OURS:
        words = event["event"] if record.name in SPOKEN_IN_FULL else str(record.msg)
        return words.partition("\n")[0], {}
    found = event["event"]
    name = _EVENT.match(found)
    return (name[0] if name else "unnamed"), dict(event) | dict(_FIELD.findall(found))


def _instant(record: logging.LogRecord) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _problem(found: Any) -> BaseException | None:
    """The ways in which an exception is handed to a logger: as a triple, by itself, or "the one at hand"."""
    if isinstance(found, tuple):
        found = found[1]
    elif found is True:
        found = sys.exc_info()[1]
    return found if isinstance(found, BaseException) else None


def _kinds(problem: BaseException) -> str:
    """The exception and those behind it, by their kinds."""
    chain: list[BaseException] = []
    found: BaseException | None = problem
    while found and found not in chain:
        chain.append(found)
        found = found.__cause__ or found.__context__
    return " < ".join(type(each).__name__ for each in chain)


def _places(problem: BaseException) -> list[str]:
    frames = (each for each in traceback.extract_tb(problem.__traceback__) if not each.filename.startswith("<"))
    return [f"{each.filename}:{each.lineno} {each.name}" for each in frames][-12:]


def _crashed(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger(OURS).critical("process.crashed", exc_info=(kind, problem, trace))


def _quieten_temporal() -> None:
    """The part of Temporal's library that is no Python says warnings only, and on the same way."""
    from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

    forwarding = LogForwardingConfig(logger=logging.getLogger("temporalio.core"), append_log_fields_to_message=False)
    levels = TelemetryFilter(core_level="WARN", other_level="ERROR")
    telemetry = TelemetryConfig(logging=LoggingConfig(filter=levels, forwarding=forwarding))
    Runtime.set_default(Runtime(telemetry=telemetry), error_if_already_set=False)
