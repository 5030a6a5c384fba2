"""A record from a file's fields: every fault becomes a problem with its place."""

import typing
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from feedsvc.content import yaml_mistakes
from feedsvc.content.source import Mark
from feedsvc.content.source_text import SourceText
from feedsvc.content.value_errors import WrongShapeError, nearest, nearest_or
from feedsvc.content.values import Reading
from feedsvc.content.written import FieldPath, Fields, Written, field_name
from feedsvc.errors import BadValueError, Problem, shortened

Record = TypeVar("Record", bound=BaseModel)
_EXPECTED = {"list_type": "a list", "model_type": "a group of fields", "dict_type": "a group of fields"}


def read_record(kind: type[Record], written: Written, reading: Reading) -> tuple[Record | None, list[Problem]]:
    """The record or None, and all that is wrong. A field that is blamed already is not blamed again."""
    try:
        return kind.model_validate(written.fields.plain, context=reading), [*written.problems]
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_input=True)
    unknown = [str(error["loc"][-1]) for error in errors if error["type"] == "extra_forbidden"]
    known_faults = {problem.field for problem in written.problems}
    problems = [*written.problems]
    for error in errors:
        missing = error["type"] == "missing"
        if missing and nearest(str(error["loc"][-1]), unknown):
            continue  # it is there, misspelt
        problem = _problem(kind, error, written)
        if problem.field not in known_faults:
            problems.append(problem)
        if (problem.message, problem.fix) == yaml_mistakes.UNINDENTED:
            known_faults.add("body")  # one cause, one message
    return None, problems


def _problem(kind: type[BaseModel], error: ErrorDetails, written: Written) -> Problem:
    """One of pydantic's errors in our words."""
    place, category, source_text = error["loc"], error["type"], written.source_text
    mark = written.mark(*place)
    if category == "missing":
        example = _record_at(kind, place).model_fields[str(place[-1])].examples
        sample = example[0] if example else ""
        fix = f"add a line {'' if sample == '|' else 'such as '}{place[-1]}: {sample}"
        return source_text.problem(mark, field_name(place), "the field is missing", fix)
    if category == "extra_forbidden":
        holder: Any = written.node(place[:-1])  # Fields, for nothing else has fields to be unknown
        name, record = str(place[-1]), _record_at(kind, place)
        mark = source_text.mark(holder.keys[name])
        if _is_body_line(name, mark, holder, source_text, record):
            return source_text.problem(mark, "body", *yaml_mistakes.UNINDENTED)
        fix = nearest_or(name.lower(), record.model_fields, f"the fields are {', '.join(record.model_fields)}")
        return source_text.problem(mark, field_name(place), f"unknown field {shortened(name)}", fix)
    fault = _fault(kind, error)
    fix = fault.fix
    if place == ("body",) and source_text.front and written.node(place).start.index == source_text.front.fence.index:
        fix = "write it below the second line ---"
    if isinstance(fault, WrongShapeError) and fault.expected == "text":
        fix = _pasted(mark, error["input"]) or (yaml_mistakes.BELOW if place == ("body",) else fix)
    return source_text.problem(mark, field_name(place), fault.what, fix)


def _fault(kind: type[BaseModel], error: ErrorDetails) -> BadValueError:
    """The reader's own fault, or the shape that pydantic found wrong."""
    value = error["input"]
    if isinstance(value, str) and not value.strip():
        place = error["loc"] if isinstance(error["loc"][-1], str) else error["loc"][:-1]
        required = _record_at(kind, place).model_fields[str(place[-1])].is_required()
        fix = "write it after the colon" if required else "write it after the colon, or delete the line"
        return BadValueError("the value is empty", fix)
    if error["type"] == "value_error":
        fault: BadValueError = error["ctx"]["error"]
        return fault
    if error["type"] == "too_short":
        return BadValueError("the list is empty", "write at least one item")
    expected = _EXPECTED[error["type"]]
    fix = "begin its first line with -" if expected == "a list" else "write its fields below it, two spaces in"
    return WrongShapeError(value, expected, fix)


def _is_body_line(name: str, mark: Mark, holder: Fields, source_text: SourceText, record: type[BaseModel]) -> bool:
    """Whether what was taken for a field is a line of the text above it."""
    body = holder.keys.get("body")
    if body is None or mark.column > 1 or source_text.mark(body).line > mark.line:
        return False
    is_prose = any(map(str.isalpha, name)) and (" " in name or not name.islower())
    return is_prose and not nearest(name.lower(), record.model_fields)


def _pasted(mark: Mark, value: Any) -> str | None:
    """The line with its value in quotes, when text was written so that YAML read a list or a group."""
    begins_with = "[" if isinstance(value, list) else "{"
    if mark.excerpt[mark.column - 1 : mark.column] != begins_with:
        return None
    line = yaml_mistakes.quoted_line(mark.excerpt)
    return f"write {line}" if line else None


def _record_at(kind: type[BaseModel], place: FieldPath) -> type[BaseModel]:
    """The record that holds the last field of a place."""
    for part in place[:-1]:
        if part in kind.model_fields:  # else it is a number in a list, or a name in a group that has any
            kind = (*_records(kind.model_fields[str(part)].annotation), kind)[0]
    return kind


def _records(annotation: Any) -> list[type[BaseModel]]:
    """The record inside ``X | None`` or ``list[X]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [record for inner in typing.get_args(annotation) for record in _records(inner)]
