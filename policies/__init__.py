"""Policy files. TOML files: read, checked as a whole, and every fault told by file, line and field."""

import tomllib
from pathlib import Path

from pydantic import ValidationError

from models.policy.policy import Policy
from policies.faults import PolicyError, PolicyFault, faults_in

__all__ = ["PolicyError", "PolicyFault", "load", "shipped", "shipped_names"]

_HERE = Path(__file__).parent


def load(path: Path) -> Policy:
    """The policy in this file, or `PolicyError` with everything that is wrong with it."""
    text = _read(path)
    try:
        return Policy.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(path, [PolicyFault.of_syntax(text, error)]) from None
    except ValidationError as error:
        raise PolicyError(path, faults_in(text, error)) from None


def shipped(name: str) -> Policy:
    """One of the policies that come with the product, by name."""
    if name not in shipped_names():
        raise LookupError(f"there is no policy {name!r}; shipped are: {', '.join(shipped_names())}")
    return load(_HERE / f"{name}.toml")


def shipped_names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in _HERE.glob("*.toml")))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        fault = PolicyFault(line=1, field="", remedy=f"this is not UTF-8 text (byte {error.start}); save it as UTF-8")
        raise PolicyError(path, [fault]) from None
