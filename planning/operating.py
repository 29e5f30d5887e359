"""How a bench is operated, as its lab file says: what must hold, what is done when something fails, who is told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Self

from pydantic import Field, ValidationError

from planning.interlock_rules import Interlock
from planning.notices import Notice
from planning.patience import IN_A_ROW
from planning.rules import Rule
from robot.config import LabConfig
from robot.files import FileProblem, Problem, line_of, load_yaml, problems_of
from robot.strict import Strict


class Operating(Strict):
    """The sections of a lab file that concern the run, not the devices."""

    interlocks: list[Interlock] = Field(default=[], description="what must hold before a command may go out")
    recovery: list[Rule] = Field(default=[], description="what is done when a task fails; the built-in rules come last")
    patience: int = Field(
        default=IN_A_ROW,
        ge=1,
        description="the run stops when so many times in a row samples were set aside and none finished",
    )
    notify: list[Notice] = Field(default=[], description="who is told of what")

    @classmethod
    def load(cls, path: Path, lab: LabConfig) -> Self:
        """Read these sections of a lab file.

        Raises:
            FileProblem: everything that is wrong with them, with its line: a rule that would do something twice, a
                device or a figure that is not there.
        """
        data, node = load_yaml(path)
        own = {name: data[name] for name in cls.model_fields if name in data}
        try:
            found = cls.model_validate(own)
        except ValidationError as err:
            raise FileProblem(path, problems_of(err, own, node)) from err
        problems = [
            Problem(".".join(map(str, where)), what, remedy, line_of(node, where))
            for where, what, remedy in found._strangers(lab)
        ]
        if problems:
            raise FileProblem(path, problems)
        return found

    def _strangers(self, lab: LabConfig) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
        """What is named and does not exist on this bench: where, what, remedy."""
        for index, rule in enumerate(self.recovery):
            for name in rule.device:
                if name not in lab.devices:
                    what = f"no device is called {name!r}; there are {', '.join(lab.devices)}"
                    yield ("recovery", index, "device"), what, "Correct the name"
        for index, interlock in enumerate(self.interlocks):
            for field, what, remedy in interlock.strangers(lab):
                yield ("interlocks", index, field), what, remedy
