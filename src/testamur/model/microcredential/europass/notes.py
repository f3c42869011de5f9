"""What the European Learning Model has no slot for, as notes; and out of them again.

The convention, version 1. An achievement has, for every element of the description that the model
does not keep as it stands, an `additionalNote`:

- `noteLiteral`: the element for people, in the languages it has;
- `subject`: a concept whose scheme is the element's IRI in our vocabulary and whose `prefLabel` is
  its name;
- the concept's `notation`: for machines, a JSON Patch (RFC 6902) that makes of the description, as
  it is read without these notes, the whole description.

An organisation has such a note of its own, of the element "organisation": it goes with it, also
where a seal makes another the issuer.

A reader who knows only the European Learning Model sees notes with a subject; one that knows the
convention gets the element back exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from testamur.canon.strict_json import JsonObject, JsonValue, dumps, parse
from testamur.errors import ModelError, TestamurError
from testamur.model.elm import LanguageMap, Note
from testamur.model.microcredential.description import MicroCredential
from testamur.model.microcredential.europass.elements import own_concept
from testamur.model.microcredential.europass.json_patch import apply_patch, find_patch
from testamur.model.microcredential.europass.taken import Taken
from testamur.model.microcredential.open_badges.elements import ELEMENTS
from testamur.model.microcredential.reading import Fate
from testamur.model.microcredential.terms import OWN_VOCABULARY

__all__ = ["apply_note", "apply_notes", "element_of", "patch_note", "write_notes"]

_ELEMENT = "element/"
_SCHEME = OWN_VOCABULARY + _ELEMENT
_OPERATIONS = 1_000
"""operations in one note."""


def write_notes(description: MicroCredential, kept: JsonObject) -> Iterator[Note]:
    """Write a note for each element that was not kept.

    Args:
        description: the whole.
        kept: what is read of it without notes.
    """
    wanted, language = description.to_json(), description.language
    for member in dict.fromkeys([*wanted, *kept]):
        old: JsonObject = {member: kept[member]} if member in kept else {}
        new: JsonObject = {member: wanted[member]} if member in wanted else {}
        found = patch_note(member, old, new, language=language, whole=_sayer(description, member))
        if found is not None:
            yield found


def patch_note(
    element: str,
    kept: JsonObject,
    wanted: JsonObject,
    *,
    language: str,
    whole: Callable[[str], str] = lambda _: "",
) -> Note | None:
    """Write a note that makes of what was kept what is wanted; None where they are the same.

    Args:
        element: of which it is. language: of the words for people, beside those of its texts.
        whole: language → words for all of the element, where nothing of it was kept.
    """
    patch: list[JsonValue] = [*find_patch(kept, wanted)]
    if not patch:
        return None
    name = _name(element)
    added: list[JsonValue] = [each.get("value") for each in patch if isinstance(each, dict)]
    texts = {
        tag: (whole(tag) if not kept else "") or _say(element, patch, tag) or name
        for tag in sorted({language, *_languages(added)})
    }
    subject = own_concept(_ELEMENT + element, {"en": name}, notation=dumps(patch))
    return Note(note_literal=LanguageMap(texts), subject=subject)


def element_of(found: Note) -> str | None:
    """Return the element of which a note keeps the convention; None for every other note."""
    subject = found.subject
    if subject is None or subject.notation is None:
        return None
    schemes = (each for each in subject.schemes if each.startswith(_SCHEME))
    return next((each.removeprefix(_SCHEME) for each in schemes), None)


def apply_notes(members: JsonObject, notes: Mapping[str, Note]) -> Iterator[tuple[Note, Fate, str]]:
    """Apply notes to what was read without them.

    Args:
        members: of a description, which are changed.
        notes: by element; the note of an element changes nothing else.

    Yields:
        A note that was not read as it stands, what became of it, and why.
    """
    for element, found in notes.items():
        old: JsonObject = {element: members[element]} if element in members else {}
        try:
            new, replaces = _apply(old, found.subject.notation if found.subject else None)
        except TestamurError as error:
            yield found, Fate.NO_PLACE, f"its notation cannot be read: {error}"
            continue
        if set(new) > {element}:
            yield found, Fate.NO_PLACE, f"it would change more than {element}"
            continue
        members.pop(element, None)
        members.update(new)
        if replaces:
            said = f"it puts something else in the place of what the credential says of {element}"
            yield found, Fate.APPROXIMATED, said


def apply_note(taken: Taken, found: Note, members: JsonObject) -> JsonObject:
    """Return an object's members with what a note of the object itself says."""
    taken.take(found, "note_literal")
    taken.take(found, "subject")
    try:
        new, replaces = _apply(members, found.subject.notation if found.subject else None)
    except TestamurError as error:
        taken.tell(found, Fate.NO_PLACE, f"its notation cannot be read: {error}")
        return members
    if replaces:
        said = "it puts something else in the place of what the credential says"
        taken.tell(found, Fate.APPROXIMATED, said)
    return new


def _apply(old: JsonObject, notation: str | None) -> tuple[JsonObject, bool]:
    operations = parse(notation or "")
    if not isinstance(operations, list) or len(operations) > _OPERATIONS:
        raise ModelError(f"it is no list of at most {_OPERATIONS} operations")
    new: Any = deepcopy(old)
    for each in operations:
        new = apply_patch(new, each)
    return new, _contradicts(old, new)


def _contradicts(old: JsonValue, new: JsonValue) -> bool:
    """Whether something else is said in the same place, whichever operations did it.

    What is taken away is no contradiction: the model demands things that a description leaves out.
    """
    if isinstance(old, dict) and isinstance(new, dict):
        return any(_contradicts(old[name], new[name]) for name in old.keys() & new.keys())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and any(map(_contradicts, old, new))
    return old != new


def _name(member: str) -> str:
    words = "".join(f" {each.lower()}" if each.isupper() else each for each in member)
    return words[:1].upper() + words[1:]


def _languages(value: JsonValue) -> Iterator[str]:
    """Yield the languages of the texts within a value."""
    if isinstance(value, list):
        for each in value:
            yield from _languages(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if isinstance(each, str) and (len(name) == 2 or name[2:3] == "-"):
                yield name
            else:
                yield from _languages(each)


def _sayer(description: MicroCredential, member: str) -> Callable[[str], str]:
    """Return language → an element in words; no words where no element is of this name."""
    for element in ELEMENTS.values():
        field = MicroCredential.model_fields.get(element.member)
        if field is not None and (field.alias or element.member) == member:
            value = getattr(description, element.member)
            values = value if element.many else (value,)
            say = element.say
            return lambda tag: "; ".join(": ".join(filter(None, say(each, tag))) for each in values)
    return lambda _: ""


def _say(element: str, patch: list[JsonValue], language: str) -> str:
    """Say to people what a patch says to machines."""
    lines = [_say_operation(element, e, language) for e in patch if isinstance(e, dict)]
    return "; ".join(line for line in lines if line)


def _say_operation(element: str, operation: JsonObject, language: str) -> str:
    if operation.get("op") not in ("add", "replace"):
        return ""
    steps = [each for each in str(operation.get("path")).split("/") if each and not each.isdigit()]
    where = ", ".join(_name(each).lower() for each in steps if each != element)
    value = ", ".join(_leaves(operation.get("value"), language))
    return f"{where}: {value}" if where else value


def _leaves(value: JsonValue, language: str) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _leaves(each, language)
    elif isinstance(value, dict):
        if language in value and isinstance(value[language], str):
            yield str(value[language])
            return
        for each in value.values():
            yield from _leaves(each, language)
    elif isinstance(value, bool):
        yield "yes" if value else "no"
    elif value is not None:
        yield str(value)
