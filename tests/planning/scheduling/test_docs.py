"""What docs/scheduling.md shows can be run."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs" / "scheduling.md"


def test_the_example_of_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    example = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None

    exec(compile(example[1], str(PAGE), "exec"), {})

    makespan_s, bound_s = (float(word) for word in capsys.readouterr().out.split()[:2])
    assert makespan_s >= bound_s > 0
