"""Settings of one device alone, for who has no lab.yaml at hand: what must be given and is not is taken from an example."""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter

from robot.config import DeviceSettings

_UNION, *_ = get_args(DeviceSettings)
_ANY: TypeAdapter[DeviceSettings] = TypeAdapter(DeviceSettings)
SETTINGS: dict[str, type[BaseModel]] = {
    model: kind for kind in get_args(_UNION) for model in get_args(kind.model_fields["model"].annotation)
}
"""What lab.yaml may say of each model."""


def alone(model: str, given: Mapping[str, Any]) -> DeviceSettings:
    """Complete what is given with the examples that the description of the settings holds.

    >>> alone("eurotherm_2416", {"port": "/dev/ttyUSB0", "unit": 3}).max_temperature_c
    350.0

    Raises:
        KeyError: there is no such model.
        pydantic.ValidationError: a setting is wrong, or missing without an example.
    """
    fields = SETTINGS[model].model_fields
    examples = {name: field.examples[0] for name, field in fields.items() if field.is_required() and field.examples}
    return _ANY.validate_python({**examples, **given, "model": model})
