"""The page on the check lists each rule that there is."""

import re

from .test_planted import CASES, HERE

ROOT = HERE.parents[2]


def test_each_rule_is_on_the_page_and_has_a_planted_error() -> None:
    page = (ROOT / "docs" / "pre-flight.md").read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "planning" / "preflight").glob("*.py"))

    listed = set(re.findall(r"^\| `([^`]+)`", page, flags=re.MULTILINE))
    raised = set(re.findall(r"(?:finding|Finding)\(\s*\"([a-z ]+)\"", sources)) | {"file"}

    assert listed == raised == {case["rule"] for case in CASES}
