"""What a sample may choose."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from planning.protocol.document import Mixture, Protocol

BLEND = {"mixture_of": ["li2co3", "mno"], "maximum": {"li2co3": 0.4}}


def test_a_mixture_that_nobody_gives_is_its_default(document: Callable[..., Protocol]) -> None:
    blend = {**BLEND, "default": {"li2co3": 0.2, "mno": 0.8}}

    bound = document([{"wait": {"for_min": 1}}], parameters={"blend": blend}).bind({})

    assert bound.values["blend"] == {"li2co3": 0.2, "mno": 0.8}


@pytest.mark.parametrize(
    ("default", "says"),
    [({"li2co3": 0.5, "mno": 0.5}, "outside 0 to 0.4"), ({"mno": 0.9}, "sum to 0.9"), ({"sand": 1.0}, "sand")],
)
def test_a_default_that_the_mixture_does_not_allow_is_refused(default: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Mixture.model_validate({**BLEND, "default": default})
