"""Input read into forms, with every wrong field named at once, not only the first."""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import inspect

from events.errors import Invalid, Reason

Form = TypeVar("Form")

CODES = (
    (re.compile(r"Expected `str` of length <= (?P<most>\d+)"), "too_long"),
    (re.compile(r"Expected `str` of length >= (?P<least>\d+)"), "too_short"),
    (re.compile(r"Expected `(?:array|object)` of length <= (?P<most>\d+)"), "too_many"),
    (re.compile(r"Expected `(?:array|object)` of length >= (?P<least>\d+)"), "too_few"),
    (re.compile(r"Expected `(?:int|float|decimal)` <= (?P<most>-?[\d.]+)"), "too_big"),
    (re.compile(r"Expected `(?:int|float|decimal)` >= (?P<least>-?[\d.]+)"), "too_small"),
    (re.compile(r"Integer value out of range"), "wrong_value"),
    (re.compile(r"Expected `datetime` with a timezone"), "no_zone"),
    (re.compile(r"Invalid RFC3339"), "not_a_time"),
    (re.compile(r"Invalid UUID"), "not_an_id"),
    (re.compile(r"Invalid enum value '?(?P<value>.*?)'?( - at .*)?$"), "not_a_choice"),
    (re.compile(r"Expected `str` matching regex"), "bad_characters"),
    (re.compile(r"missing required field"), "missing"),
    (re.compile(r"contains unknown field"), "unknown_field"),
    (re.compile(r"Expected `(?P<expected>.+)`, got `(?P<got>.+)`"), "wrong_type"),
)


def read(data: object, form: type[Form], *, strict: bool = True) -> Form:
    """`data` as a form; Invalid names every field that is wrong, missing or unknown by its pointer."""
    try:
        return msgspec.convert(data, form, strict=strict)
    except msgspec.ValidationError as error:
        found = list(flaws(data, form, strict=strict)) or [reason_of("", str(error))]
        raise Invalid(*_in_order([*found, *_further(data, form, found, strict=strict)], form)) from error


def flaws(data: object, form: Any, pointer: str = "", *, strict: bool = True) -> Iterator[Reason]:
    """Every reason why `data` is not a `form`."""
    struct, item = _struct_in(form), _item_in(form)
    if struct is not None and isinstance(data, Mapping):
        yield from _flaws_of_fields(data, struct, pointer, strict=strict)
    elif item is not None and isinstance(data, list) and not _too_many(data, form):
        for number, part in enumerate(data):
            yield from flaws(part, item, f"{pointer}/{number}", strict=strict)
    else:
        try:
            msgspec.convert(data, form, strict=strict)
        except msgspec.ValidationError as error:
            yield reason_of(pointer, str(error))


def _further(data: object, form: Any, found: Iterable[Reason], *, strict: bool) -> Iterator[Reason]:
    """What a form's own rules say of the fields that could be read, so that it is not told only afterwards."""
    rules = getattr(form, "flaws", None)
    if rules is None or not isinstance(data, Mapping):
        return
    spoiled = {_field(reason) for reason in found}
    known = {
        field.name: msgspec.convert(data[field.name], field.type, strict=strict)
        for field in msgspec.structs.fields(form)
        if field.name in data and field.name not in spoiled
    }
    yield from (reason for reason in rules(known) if _field(reason) not in spoiled)


def _in_order(found: list[Reason], form: Any) -> list[Reason]:
    """Reasons as the form's fields follow each other."""
    struct = _struct_in(form)
    order = [field.encode_name for field in msgspec.structs.fields(struct)] if struct else []
    return sorted(found, key=lambda reason: order.index(_field(reason)) if _field(reason) in order else len(order))


def _field(reason: Reason) -> str:
    """The field of the form that a reason is about."""
    return reason.pointer.lstrip("/").partition("/")[0]


def _flaws_of_fields(data: Mapping[Any, object], struct: Any, pointer: str, *, strict: bool) -> Iterator[Reason]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    for name, field in fields.items():
        if name in data:
            yield from flaws(data[name], field.type, f"{pointer}/{_escaped(name)}", strict=strict)
        elif field.required:
            yield Reason("missing", f"{pointer}/{_escaped(name)}")
    if struct.__struct_config__.forbid_unknown_fields:
        yield from (Reason("unknown_field", f"{pointer}/{_escaped(str(name))}") for name in data if name not in fields)


def _struct_in(form: Any) -> Any:
    """The struct among the possible types of a field."""
    found = [kind for kind in _kinds(form) if isinstance(kind, type) and issubclass(kind, msgspec.Struct)]
    return found[0] if len(found) == 1 else None


def _item_in(form: Any) -> Any:
    found = [kind for kind in _kinds(form) if get_origin(kind) in (list, tuple)]
    return get_args(found[0])[0] if len(found) == 1 else None


def _kinds(form: Any) -> tuple[Any, ...]:
    if hasattr(form, "__metadata__"):
        return _kinds(form.__origin__)
    if get_origin(form) in (Union, UnionType):
        return tuple(kind for part in get_args(form) for kind in _kinds(part))
    return (form,)


def _too_many(data: list[object], form: Any) -> bool:
    kind = inspect.type_info(form)
    limit = getattr(kind, "max_length", None)
    return (limit is not None and len(data) > limit) or len(data) < (getattr(kind, "min_length", None) or 0)


def reason_of(pointer: str, text: str) -> Reason:
    """What msgspec says of a wrong value, as a reason."""
    for pattern, code in CODES:
        if match := pattern.search(text):
            return Reason(code, pointer, match.groupdict())
    return Reason("wrong_value", pointer)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
