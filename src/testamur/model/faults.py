"""How a broken rule becomes a ModelError: where it is, what is wrong, and what to do about it.

The models report through pydantic, which collects every fault of a document. This module is the
door at which pydantic's errors turn into ours; nothing outside the room sees pydantic's wording.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from testamur import limits
from testamur._frozen import dataclass
from testamur.canon.strict_json import kind
from testamur.errors import Code, ModelError

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

__all__ = ["TOO_DEEP", "BrokenRuleError", "Fault", "all_faults", "fault", "model_error", "shorten"]

_FAULTS_NAMED = 20
_WIDTH = 80

# The code of a fault that does not bring its own, by the member of the credential it lies in.
_CODES = {
    "@context": Code.CONTEXT_REJECTED,
    "issuer": Code.ISSUER_INVALID,
    "credentialStatus": Code.STATUS_MALFORMED,
    "relatedResource": Code.RELATED_RESOURCE,
    "proof": Code.PROOF_MALFORMED,
}
_ENDORSEMENTS = {"endorsement", "endorsementJwt"}

_RECURSION = "recursion_loop"

TOO_DEEP = "is nested too deep; no credential needs that"
"""What is wrong with a document whose objects lie too far inside each other."""

_WANTED = {
    "string_type": "a string",
    "bool_type": "true or false",
    "int_type": "a whole number",
}


class BrokenRuleError(ValueError):
    """A broken rule, on its way from a validator of a model to `model_error`."""

    def __init__(self, reason: str, context: Mapping[str, Any]) -> None:
        """Hold what `fault` was told."""
        super().__init__(reason)
        self.context = context


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule of a document.

    Attributes:
        path: where, as "credential.issuer.location".
        reason: what is wrong there, and the remedy.
        code: the kind of fault.
        expected: what was wanted, in words.
        found: what was there, shortened.
    """

    path: str
    reason: str
    code: Code = Code.NOT_CONFORMANT
    expected: str | None = None
    found: str | None = None

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


def fault(
    reason: str,
    *,
    at: str = "",
    code: Code | None = None,
    expected: str | None = None,
    found: object = None,
) -> BrokenRuleError:
    """Make the error that a validator of a model raises.

    Args:
        reason: what is wrong and what to do about it; the path is put in front of it.
        at: the place below the value being validated, as "validUntil" or "[1]".
        code: where it is not the code of the member the fault lies in.
        expected: what was wanted, in words.
        found: what was there.
    """
    context = {"reason": reason, "at": at, "code": code, "expected": expected}
    if found is not None:
        context["found"] = shorten(found)
    return BrokenRuleError(reason, context)


def shorten(value: object) -> str:
    """Show a value of a document in a message: quoted, one line, at most 80 characters."""
    text = value if isinstance(value, str) else kind(value)
    return repr(text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…")


def model_error(
    error: ValidationError | BrokenRuleError,
    root: str,
    document: object,
    *,
    unknown: Callable[[object, str], str] | None = None,
) -> ModelError:
    """Turn the faults of one document into one ModelError.

    The message has one line for each fault, `path: reason`, the first fault first (at most 20 are
    named); code, path, expected and found are those of the first.

    Args:
        error: what pydantic or a validator raised.
        root: the path of the document itself.
        document: what was validated; it tells an array from the single value that may stand for it.
        unknown: says what is wrong with a member that an object does not have: (object, name).
    """
    rest = 0
    if isinstance(error, BrokenRuleError):
        faults = [_own(error.context, root, [])]
    else:
        faults, rest = _named(error, root, document, unknown, _FAULTS_NAMED)
    lines = [str(each) for each in faults]
    if rest:
        lines.append(f"and {rest} more")
    first = faults[0]
    return ModelError(
        "\n".join(lines),
        code=first.code,
        path=first.path,
        expected=first.expected,
        found=first.found,
    )


def all_faults(
    error: ValidationError,
    root: str,
    document: object,
    *,
    unknown: Callable[[object, str], str] | None = None,
) -> tuple[Fault, ...]:
    """Return the faults of one document; where there are too many to name, the last says so.

    The arguments are those of `model_error`.
    """
    faults, rest = _named(error, root, document, unknown, limits.FAULTS)
    return (*faults, Fault(root, f"has {rest} more faults")) if rest else tuple(faults)


def _named(
    error: ValidationError,
    root: str,
    document: object,
    unknown: Callable[[object, str], str] | None,
    most: int,
) -> tuple[list[Fault], int]:
    """Return the first faults, and how many there are beside them."""
    details = error.errors(include_url=False)
    faults = [_fault(each, root, document, unknown) for each in details[:most]]
    return faults, len(details) - len(faults)


def _fault(
    details: ErrorDetails,
    root: str,
    document: object,
    unknown: Callable[[object, str], str] | None,
) -> Fault:
    path, parent = _path(root, details["loc"], document)
    steps = [step for step in details["loc"] if isinstance(step, str)]
    context = details.get("ctx", {})
    if isinstance(context.get("error"), BrokenRuleError):
        return _own(context["error"].context, path, steps)
    if details["type"] == "extra_forbidden" and unknown is not None:
        wanted, reason = None, unknown(parent, str(details["loc"][-1]))
    else:
        wanted, reason = _reason(details, context)
    code = Code.RESOURCE_LIMIT if details["type"] == _RECURSION else _code(None, steps)
    return Fault(path, reason, code, wanted, kind(details["input"]))


def _own(context: Mapping[str, Any], path: str, steps: Sequence[str]) -> Fault:
    at = context["at"]
    if at:
        path += at if at.startswith("[") else f".{at}"
    code = _code(context["code"], [*steps, at])
    return Fault(path, context["reason"], code, context["expected"], context.get("found"))


def _code(own: Code | None, steps: Sequence[str]) -> Code:
    # An embedded endorsement is a credential of its own: its faults are not this credential's.
    if not _ENDORSEMENTS.isdisjoint(steps):
        return Code.ENDORSEMENT_INVALID
    if own is not None:
        return own
    return next((_CODES[step] for step in steps if step in _CODES), Code.NOT_CONFORMANT)


def _reason(details: ErrorDetails, context: Mapping[str, Any]) -> tuple[str | None, str]:
    """Return what was wanted, and what is wrong with the remedy, for an error of pydantic's own."""
    value = details["input"]
    if details["type"] == "missing":
        return "a value", "is missing; add it"
    if details["type"] == "extra_forbidden":
        return None, "is not a member of this object, which takes no others; remove it"
    if details["type"] == "string_type" and isinstance(value, dict):
        return "a string", (
            "is an object; write one string. The contexts define no language map here, so a map's"
            " texts would not be signed"
        )
    if details["type"] in ("model_type", "model_attributes_type", "dict_type"):
        name = context.get("class_name")
        wanted = f"an object ({name})" if name else "an object"
        return wanted, f"is {kind(value)}; write {wanted}"
    if details["type"] == _RECURSION:
        return None, TOO_DEEP
    wanted_kind = _WANTED.get(details["type"])
    if wanted_kind is None:  # an error that no field of ours can cause today
        return None, details["msg"]
    return wanted_kind, f"is {kind(value)}; write {wanted_kind}"


def _path(root: str, location: Sequence[int | str], document: object) -> tuple[str, object]:
    """Write a location as a path; a set that is written without an array has no index.

    Returns:
        The path, and the object or array in which its last step is taken.
    """
    path, here, parent = root, document, document
    for step in location:
        if isinstance(step, int):
            if not isinstance(here, (list, tuple)):
                continue
            path += f"[{step}]"
            parent, here = here, here[step] if step < len(here) else None
        else:
            path += f".{step}" if step.isidentifier() or step[:1] == "@" else f"[{shorten(step)}]"
            parent, here = here, here.get(step) if isinstance(here, Mapping) else None
    return path, parent
