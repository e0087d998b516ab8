"""Numbers in the schema: each may be plain, or carry its sources, its confidence and a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    PlainValidator,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, ValidationError

from detente.case.calendar import When, parse_when
from detente.case.problems import Problem, shown
from detente.case.quantities import Duration, Kind, Number, parse_duration, parse_number

T = TypeVar("T")


def refused(problem: Problem) -> PydanticCustomError:
    """The problem in the form in which pydantic carries it on."""
    told = {"problem": problem.problem, "why": problem.why, "fix": problem.fix}
    return PydanticCustomError(problem.code, "{problem}", told)


def guarded(parse: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A validator for pydantic from a function that raises :class:`Problem`."""

    def validate(value: Any) -> Any:
        try:
            return parse(value)
        except Problem as problem:
            raise refused(problem) from None

    return validate


ANY_ID = "any id"
"""Context of a validation that takes ids as they are written: those that are none were noted before."""


def _id(value: Any, info: ValidationInfo) -> str:
    if isinstance(value, str) and info.context == ANY_ID:
        return value
    try:
        return _plain_id(value)
    except Problem as problem:
        raise refused(problem) from None


def _plain_id(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]*", value) and len(value) <= 80:
        return value
    raise Problem(
        "DET105",
        f"{shown(value)} is not an id",
        "ids appear in clauses, tables and files, so they are kept plain",
        "use letters, digits, - _ and . only, begin with a letter, at most 80 characters",
    )


def _when(value: Any) -> When:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Problem("DET111", f"{shown(value)} is not a time", "", "write for instance 8, 2020-Q4 or 2020-12-31")
    return parse_when(str(value))


def _listed(value: Any) -> Any:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


TIME_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {"type": "integer", "minimum": 0},
        {"type": "string", "pattern": r"^(\d+|\d{4}-?[Qq][1-4]|\d{4}-\d{1,2}(-\d{1,2})?)$"},
    ],
    "description": "A time: a period's index, a year, quarter, month or day: 8, 2020, 2020-Q4, 2020-12, 2020-12-31.",
}
_RANGE_PATTERN = r"\s*-?[\d.]+([eE][-+]?\d+)?\s*([A-Za-z ]+)?(\[.*\])?\s*([A-Za-z ]+)?\s*"
NUMBER_SCHEMA: dict[str, Any] = {
    "anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^{_RANGE_PATTERN}$"}],
    "description": 'A number, with a range if it is uncertain: 1.2, "1.2 [0.8, 1.8]"; a rate: "0.12 a year".',
}
DURATION_SCHEMA: dict[str, Any] = {
    "anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": f"^{_RANGE_PATTERN}$"}],
    "description": 'A length of time: a whole number of periods, or "3 months", "10 weeks", "3 months [2, 12]".',
}

ID_SCHEMA: dict[str, Any] = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_.-]*$", "maxLength": 80}
Id = Annotated[
    str,
    PlainValidator(_id),
    WithJsonSchema(ID_SCHEMA),
]
Ids = Annotated[
    tuple[Id, ...],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [ID_SCHEMA, {"type": "array", "items": ID_SCHEMA}]}),
]
"""One id or a list of ids."""
Time = Annotated[When, PlainValidator(guarded(_when)), WithJsonSchema(TIME_SCHEMA)]
Listing = BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)
"""A list in the file is a tuple here."""
Text = Annotated[str, StringConstraints(max_length=1000)]
Confidence = Literal["H", "M", "L"]


class Part(BaseModel):
    """What every part of a case, or another document, obeys: unknown keys are refused, nothing changes afterwards."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        use_attribute_docstrings=True,
        arbitrary_types_allowed=True,
        populate_by_name=True,
    )
    called: ClassVar[str] = "case"
    """What a document of this kind is called."""
    shorthand: ClassVar[tuple[dict[str, Any], ...]] = ()
    """JSON Schemas of the shorter forms in which it may be written."""
    stand_ins: ClassVar[Mapping[str, Any]] = {}
    """What stands in for each required key that is missing or malformed, so that the rest can be checked."""

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        full = handler.resolve_ref_schema(handler(core_schema))
        if not cls.shorthand:
            return full
        return {"anyOf": [*cls.shorthand, full], "description": full.get("description", "")}


class Sourced(Part):
    """Something that can say where it comes from and how sure it is."""

    sources: Ids = ()
    """Ids of the sources it rests on."""
    confidence: Confidence | None = None
    """How sure: H high, M medium, L low."""
    note: str = ""
    """Anything a reader should know."""

    @model_validator(mode="before")
    @classmethod
    def _source_is_sources(cls, data: Any) -> Any:
        if isinstance(data, dict) and "source" in data and "sources" not in data:
            return {("sources" if k == "source" else k): v for k, v in data.items()}
        return data


class Figure(Sourced):
    """A number with its sources, its confidence and its reason."""

    kind: ClassVar[Kind | None] = None
    shorthand: ClassVar[tuple[dict[str, Any], ...]] = (NUMBER_SCHEMA,)
    stand_ins: ClassVar[Mapping[str, Any]] = {"value": "0.5"}

    why: str = ""
    """The reason for this number, in a line."""

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        return data if isinstance(data, dict) else {"value": data}


def _number(kind: Kind) -> Any:
    return PlainValidator(guarded(lambda value: parse_number(value, kind)))


class Amount(Figure):
    """A number a period; may be a rate a month, quarter or year."""

    value: Annotated[Number, _number("amount"), WithJsonSchema(NUMBER_SCHEMA)]
    """The number itself."""


class Sum(Figure):
    """A number that is no rate."""

    value: Annotated[Number, _number("sum"), WithJsonSchema(NUMBER_SCHEMA)]
    """The number itself."""


class Chance(Figure):
    """A chance a period; may be a chance a month, quarter or year."""

    value: Annotated[Number, _number("chance"), WithJsonSchema(NUMBER_SCHEMA)]
    """The number itself."""


class Share(Figure):
    """A chance or a share, from 0 to 1."""

    value: Annotated[Number, _number("share"), WithJsonSchema(NUMBER_SCHEMA)]
    """The number itself."""


class Discount(Figure):
    """A discount factor, strictly between 0 and 1; a period's, or "0.88 a year"."""

    value: Annotated[Number, _number("discount"), WithJsonSchema(NUMBER_SCHEMA)]
    """The number itself."""


class Hazard(Figure):
    """A chance a period, or "0.12 a year", that a government or its interest ends."""

    value: Annotated[Number, _number("hazard"), WithJsonSchema(NUMBER_SCHEMA)]
    """The number itself."""


class Span(Figure):
    """A length of time."""

    shorthand: ClassVar[tuple[dict[str, Any], ...]] = (DURATION_SCHEMA,)
    stand_ins: ClassVar[Mapping[str, Any]] = {"value": 1}

    value: Annotated[Duration, PlainValidator(guarded(parse_duration)), WithJsonSchema(DURATION_SCHEMA)]
    """The length itself."""


@dataclass(frozen=True)
class Steps:
    """Numbers over time: from each moment on the number beside it; without moments, one a period."""

    entries: tuple[tuple[When | None, Number], ...]
    constant: bool = False


def parse_steps(value: Any, kind: Kind) -> Steps:
    """One number, a list of numbers (one a period, the last one lasts), or a mapping of moments to numbers."""
    if not isinstance(value, dict | list | tuple):
        return Steps(((None, parse_number(value, kind)),), constant=True)
    if not value:
        what = "mapping" if isinstance(value, dict) else "list"
        raise Problem("DET103", f"an empty {what} stands where numbers over time should", "", "write the numbers")
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    return Steps(each(pairs, lambda key, x: (_moment(key) if isinstance(key, str) else None, parse_number(x, kind))))


def each(pairs: Iterable[tuple[Any, Any]], parse: Callable[[Any, Any], T]) -> tuple[T, ...]:
    """What every pair of a key and a value stands for; what is wrong with any of them is told at its key."""
    entries, wrong = list[T](), list[InitErrorDetails]()
    for key, value in pairs:
        try:
            entries.append(parse(key, value))
        except Problem as problem:
            wrong.append(InitErrorDetails(type=refused(problem), loc=(key,), input=value))
    if wrong:
        raise ValidationError.from_exception_data("numbers over time", wrong)
    return tuple(entries)


def _moment(key: str) -> When:
    try:
        return parse_when(key)
    except Problem as problem:
        fix = "a number over time is a list, or a mapping of moments to numbers; a number with sources is {value: …}"
        raise Problem(problem.code, problem.problem, problem.why, fix) from None


_SERIES_SCHEMA: dict[str, Any] = {
    "anyOf": [
        *NUMBER_SCHEMA["anyOf"],
        {"type": "array", "items": NUMBER_SCHEMA, "minItems": 1},
        {"type": "object", "additionalProperties": NUMBER_SCHEMA},
    ],
    "description": "A number, a list with one a period (the last lasts), or from moments on: {2019-Q2: 0, 2021-Q1: 2}.",
}


class Series(Figure):
    """A number a period that may change over time."""

    value: Any
    """The number or numbers."""
    shorthand: ClassVar[tuple[dict[str, Any], ...]] = (_SERIES_SCHEMA,)

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, data: Any) -> Any:
        own = {"value", "sources", "source", "confidence", "note", "why"}
        return data if isinstance(data, dict) and own & data.keys() else {"value": data}


class AmountSeries(Series):
    """A number a period that may change over time and may be a rate."""

    value: Annotated[Steps, PlainValidator(guarded(lambda v: parse_steps(v, "amount"))), WithJsonSchema(_SERIES_SCHEMA)]
    """The number or numbers."""


class FactSeries(Series):
    """A fact, in the unit of its attribute, that may change over time."""

    value: Annotated[Steps, PlainValidator(guarded(lambda v: parse_steps(v, "sum"))), WithJsonSchema(_SERIES_SCHEMA)]
    """The number or numbers."""
