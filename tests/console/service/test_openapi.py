"""Whatever is sent to the interface as its own description allows, or forbids: no defect shows, and nothing begins."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .browsing import Browser
from .conftest import Serve, Served

EXAMPLES = 50
JSON = "application/json"


def operations_of(served: Served) -> list[Any]:
    schemathesis = pytest.importorskip("schemathesis")
    schema = schemathesis.openapi.from_dict(served.app.openapi())
    return [found.ok() for found in schema.get_all_operations()]


def sent(browser: Browser, case: Any) -> Any:
    """Ask as the case says; a body that is no JSON goes as its text."""
    body: dict[str, Any] = {}
    if type(case.body).__name__ != "NotSet":
        text = json.dumps(case.body, default=repr) if case.media_type == JSON else str(case.body)
        body = {"content": text.encode("utf-8", "surrogatepass")}
    headers = {name: str(value).encode("latin-1", "replace") for name, value in (case.headers or {}).items()}
    headers |= {"content-type": case.media_type.encode()} if case.media_type else {}
    return browser.request(case.method, case.formatted_path, params=case.query or {}, headers=headers, **body)


def test_no_request_brings_out_a_defect(serve: Serve, spawned: list[list[str]]) -> None:
    served = serve()
    from schemathesis import GenerationMode

    operations, browser = operations_of(served), served.client()
    before = served.service.run("films").brief.last_event

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(st.data())
    def property_(data: st.DataObject) -> None:
        operation = data.draw(st.sampled_from(operations), label="operation")
        mode = data.draw(st.sampled_from(list(GenerationMode)), label="mode")
        case = data.draw(operation.as_strategy(mode), label="case")
        if "run" in case.path_parameters and data.draw(st.booleans(), label="of the run that is there"):
            case.path_parameters["run"] = "films"

        answer = sent(browser, case)

        assert answer.status_code < 500, answer.text
        assert "Traceback" not in answer.text
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"

    property_()
    assert served.service.run("films").brief.last_event == before
