"""Malformed requests and messages: no failure of the server, no silence."""

from __future__ import annotations

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings, strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from backsweep.lab.server import create

TOKEN = "f" * 32
HERE = "http://127.0.0.1:1986"
LINE = "ws://127.0.0.1:1986/api/work"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
SLOWEST_S = 60  # of an answer, on a machine that does much else
LAB = create(TOKEN, port=1986)

schema = schemathesis.openapi.from_asgi(
    "/api/openapi.json", LAB, headers=BEARER | {"Host": "127.0.0.1:1986"}
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.mark.slow
@schema.parametrize()
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_server_keeps_to_its_description(case):
    headers = BEARER | {"Host": "127.0.0.1:1986"}
    case.call_and_validate(headers=headers, checks=CHECKS, timeout=SLOWEST_S)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner)
    ),
    max_leaves=8,
)
known = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["hello", "begin", "cancel", "welcome"]) | json_values,
        "id": st.text(max_size=70) | json_values,
        "token": st.just("wrong") | json_values,
        "work": st.fixed_dictionaries(
            {},
            optional={
                "work": st.just("more starts") | json_values,
                "settings": json_values,
                "runs": st.integers(-3, 10**30) | json_values,
            },
        ),
    },
)
messages = st.one_of(
    st.text(max_size=60), (json_values | known).map(json.dumps), st.binary(max_size=60)
)


@pytest.fixture(scope="module")
def lab():
    with TestClient(create(TOKEN, port=1986), base_url=HERE) as client:
        yield client


@given(said=st.lists(messages, min_size=1, max_size=12))
@settings(max_examples=60)
def test_the_line_stays_open_whatever_is_said(lab, said):
    """Every message is answered, or known and done; then work goes on as before."""
    with lab.websocket_connect(LINE, headers={"Origin": HERE}) as line:
        line.send_json({"kind": "hello", "token": TOKEN})
        assert line.receive_json()["kind"] == "welcome"
        for message in said:
            if isinstance(message, bytes):
                line.send_bytes(message)
            else:
                line.send_text(message)
        work = {"work": "more starts", "settings": {}, "runs": 16}
        line.send_json({"kind": "begin", "id": "the last of all", "work": work})
        while (answer := line.receive_json()).get("id") != "the last of all":
            assert answer["kind"] in ("refused", "progress", "done")
            assert answer.get("message") != ""
        assert answer["kind"] in ("progress", "refused")


@given(first=messages)
@settings(max_examples=40)
def test_nothing_is_done_before_the_token(lab, first):
    with lab.websocket_connect(LINE, headers={"Origin": HERE}) as line:
        if isinstance(first, bytes):
            line.send_bytes(first)
        else:
            line.send_text(first)
        line.send_json({"kind": "hello", "token": "wrong"})
        said = line.receive()
        while said["type"] == "websocket.send":
            assert json.loads(said["text"])["kind"] == "refused"
            said = line.receive()
        assert said == {"type": "websocket.close", "code": 1008, "reason": ""}
