"""Settings of one device alone, for who has no lab.yaml at hand: what must be given and is not is taken from an example."""

from collections.abc import Mapping
from math import inf
from typing import Any, Protocol, cast, get_args

from pydantic import BaseModel, TypeAdapter

from robot.device_settings import DeviceSettings, OpenCvCameraSettings

_UNION, *_ = get_args(DeviceSettings)
_ANY: TypeAdapter[DeviceSettings] = TypeAdapter(DeviceSettings)
SETTINGS: dict[str, type[BaseModel]] = {
    model: kind for kind in get_args(_UNION) for model in get_args(kind.model_fields["model"].annotation)
}
"""What lab.yaml may say of each model."""


PARTS: dict[str, dict[str, str]] = {
    model: {
        name: get_args(part.model_fields["model"].annotation)[0]
        for name, field in kind.model_fields.items()
        if isinstance(part := field.annotation, type) and issubclass(part, BaseModel) and "model" in part.model_fields
    }
    for model, kind in SETTINGS.items()
}
"""Which models a composed device consists of, by the names of its parts; none for all others."""


class Wired(Protocol):
    """Settings of a device that is reached by one port."""

    @property
    def model(self) -> str:
        """Which kind of device it is."""

    @property
    def port(self) -> str:
        """Where it is."""


def parts_of(settings: DeviceSettings) -> dict[str, Wired]:
    """The devices that a composed one consists of, each on a port of its own, by name; of others itself, nameless."""
    return {part: getattr(settings, part) for part in PARTS[settings.model]} or {"": cast(Wired, settings)}


def address_of(settings: DeviceSettings) -> str:
    """Where a device is, for people: its port, those of its parts, or a camera's source."""
    if isinstance(settings, OpenCvCameraSettings):
        return f"camera {settings.source}"
    return " and ".join(dict.fromkeys(part.port for part in parts_of(settings).values()))


def bears_silence_s(settings: DeviceSettings) -> float:
    """How long a device goes on though nobody asks it anything: until its watchdog stops it, if it has one that is set."""
    return float(getattr(settings, "watchdog_s", 0)) or inf


def alone(model: str, *given: Mapping[str, Any]) -> DeviceSettings:
    """Complete what is given with the examples that the description of the settings holds.

    Later settings go before earlier ones; those of a part are taken one by one.

    >>> alone("eurotherm_2416", {"port": "/dev/ttyUSB0", "unit": 3}).max_temperature_c
    350.0

    Raises:
        KeyError: there is no such model.
        pydantic.ValidationError: a setting is wrong, or missing without an example.
    """
    fields = SETTINGS[model].model_fields
    found = {name: field.examples[0] for name, field in fields.items() if field.is_required() and field.examples}
    for name, value in ((name, value) for some in given for name, value in some.items()):
        merges = name in PARTS[model] and isinstance(value, Mapping)
        found[name] = {**found.get(name, {}), **value} if merges else value
    return _ANY.validate_python({**found, "model": model})


def located(model: str, address: str) -> dict[str, Any]:
    """What an address says of a device's settings; that of a composed one names the address of each part in turn.

    >>> located("gantry_pipette", "/dev/ttyACM0,/dev/ttyUSB0")
    {'gantry': {'port': '/dev/ttyACM0'}, 'pump': {'port': '/dev/ttyUSB0'}}

    Raises:
        ValueError: it names fewer or more addresses than there are parts.
    """
    if model == "opencv":
        return {"source": address, "sees": ["here"]}
    if not PARTS[model]:
        return {"port": address}
    addresses = address.split(",")
    if len(addresses) != len(PARTS[model]):
        raise ValueError(f"{address!r} should be {len(PARTS[model])} addresses, of {', '.join(PARTS[model])}")
    return {part: {"port": own} for part, own in zip(PARTS[model], addresses, strict=True)}


def moved(name: str, settings: DeviceSettings, addresses: Mapping[str, str]) -> DeviceSettings:
    """The same device found elsewhere: at the address under its name, or at those of its parts under name/part."""
    if isinstance(settings, OpenCvCameraSettings):
        return settings.model_copy(update={"source": addresses[name]})
    parts = PARTS[settings.model]
    if not parts:
        return settings.model_copy(update={"port": addresses[name]})
    found = {part: getattr(settings, part).model_copy(update={"port": addresses[f"{name}/{part}"]}) for part in parts}
    return settings.model_copy(update=found)
