"""Every typed call and every event against the description of the API that the running Asterisk serves."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import pytest

from dialplan.ari import client, decode
from dialplan.ari.fields import Fields
from dialplan.ari.request import Request
from dialplan.ari.rest.group import Group
from dialplan.ari.router import Router
from tests.support.asterisk import Instance

Description = dict[str, dict[str, Any]]
MOMENT = "2026-11-24T21:29:17.350+0900"
SIMPLE = {"string": "x", "int": 1, "long": 1, "double": 1.0, "boolean": True, "Date": MOMENT, "object": {}}


@pytest.fixture
async def description(centre: Instance) -> Description:
    """Resource files by their name."""
    listed = await centre.ari("GET", "/api-docs/resources.json")
    paths = [one["path"].replace("{format}", "json") for one in listed["apis"]]
    return {path: await centre.ari("GET", path) for path in paths}


def leaves(kind: type[Group]) -> Iterator[type[Group]]:
    below = kind.__subclasses__()
    if not below:
        yield kind
    for one in below:
        yield from leaves(one)


GROUPS = sorted(leaves(Group), key=lambda group: group.__name__)
METHODS = [
    pytest.param(group, name, id=f"{group.__name__}.{name}")
    for group in GROUPS
    for name, _ in inspect.getmembers(group, inspect.iscoroutinefunction)
    if not name.startswith("_")
]


class Recorded(Exception):
    """Raised in place of an answer."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.route)
        self.request = request


async def record(request: Request) -> object:
    raise Recorded(request)


def values(annotation: Any) -> list[Any]:
    """What may be given for a parameter; every one of a closed set."""
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return list(args)
    if origin in {Sequence, tuple, list}:
        return [["x", "y"]]
    if origin in {Mapping, dict}:
        return [{"A": "b"}]
    if args:
        return values(next(arg for arg in args if arg is not type(None)))
    return [{str: "x", int: 1, bool: True}[annotation]]


def calls(method: Any) -> Iterator[dict[str, Any]]:
    """Arguments: the least that may be given, all, and each choice that a parameter leaves."""
    hints = typing.get_type_hints(method)
    parameters = [one for name, one in inspect.signature(method).parameters.items() if name != "self"]
    choices = {one.name: values(hints[one.name]) for one in parameters}
    yield {one.name: choices[one.name][0] for one in parameters if one.default is one.empty}
    everything = {name: given[0] for name, given in choices.items()}
    for name, given in choices.items():
        for value in given:
            yield everything | {name: value}
    yield everything


async def requests(group: type[Group], name: str) -> list[Request]:
    given = {"send": record, "app": "denwa", "listen": Router().listen}
    method = getattr(group(*(given[parameter] for parameter in inspect.signature(group).parameters)), name)
    sent: list[Request] = []
    for arguments in calls(getattr(group, name)):
        with pytest.raises(Recorded) as recorded:
            await method(**arguments)
        sent.append(recorded.value.request)
    return sent


def operation(description: Description, request: Request) -> dict[str, Any]:
    """The operation that Asterisk takes ``request`` for: fixed words win over places to be filled."""
    path = "/" + "/".join(request.path)
    found = [
        (api["path"].count("{"), one)
        for resource in description.values()
        for api in resource["apis"]
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", api["path"]), path)
        for one in api["operations"]
        if one["httpMethod"] == request.method
    ]
    assert found, f"Asterisk knows no {request.method} {path}"
    return min(found, key=lambda one: one[0])[1]


def check_value(parameter: dict[str, Any], value: object) -> None:
    kind = {"string": str, "int": int, "long": int, "boolean": bool}[parameter["dataType"]]
    assert isinstance(value, kind), parameter["name"]
    allowed = parameter.get("allowableValues", {})
    if allowed.get("valueType") == "LIST" and not parameter.get("allowMultiple"):
        assert value in allowed["values"], parameter["name"]


def check_body(known: dict[str, dict[str, Any]], body: Mapping[str, object] | None) -> None:
    """A parameter of the type "object" is the whole body; others are its fields."""
    if body is None:
        assert not any(one.get("required") for one in known.values())
    elif not any(one["dataType"] == "object" for one in known.values()):
        assert body.keys() <= known.keys()


@pytest.mark.parametrize(("group", "name"), METHODS)
async def test_a_call_asks_for_what_the_running_asterisk_offers(group, name, description):
    for request in await requests(group, name):
        known = {one["name"]: one for one in operation(description, request).get("parameters", [])}
        given = {key: value for key, value in request.query.items() if value is not None}
        for key, value in given.items():
            assert known[key]["paramType"] == "query", key
            check_value(known[key], value)
        needed = {key for key, one in known.items() if one.get("required") and one["paramType"] == "query"}
        assert needed <= given.keys()
        check_body({key: one for key, one in known.items() if one["paramType"] == "body"}, request.body)


def test_every_group_of_calls_is_part_of_the_client():
    assert {group.__name__ for group in GROUPS} == {
        name for name, value in vars(client).items() if inspect.isclass(value) and issubclass(value, Group)
    }


def example(models: dict[str, Any], type: str) -> object:
    """The least that the description promises of ``type``."""
    if type in SIMPLE:
        return SIMPLE[type]
    if type.startswith("List["):
        return [example(models, type.removeprefix("List[").removesuffix("]"))]
    fields = fields_of(models, type)
    return {name: example(models, one["type"]) for name, one in fields.items() if one.get("required") is not False}


def fields_of(models: dict[str, Any], type: str) -> dict[str, Any]:
    """A model's own fields and those of the models that it is a kind of."""
    above = next((name for name, model in models.items() if type in model.get("subTypes", [])), None)
    return (fields_of(models, above) if above else {}) | models[type]["properties"]


@pytest.mark.parametrize("kind", [kind for kind in decode.USED if kind != "RESTResponse"])
async def test_an_event_with_no_more_than_asterisk_promises_can_be_read(kind, description):
    models = {name: model for resource in description.values() for name, model in resource["models"].items()}
    message = example(models, kind)
    assert isinstance(message, dict)
    assert decode.parse(Fields.of(message | {"type": kind})) is not None
