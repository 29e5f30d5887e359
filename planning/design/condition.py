"""Conditions that are no sums: formulas of the campaign file, such as `anneal_c * anneal_min < 6000 or solvent == water`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planning.protocol.expressions import BadExpression, holds, names_in_condition


@dataclass(frozen=True)
class Conditions:
    """Formulas over the parameters of a point; a category is compared with its words.

    Args:
        texts: the formulas.
        names: flat names of the numbers.
        categories: the words of each category.

    Raises:
        ValueError: a formula cannot be read, or speaks of what there is not.
    """

    texts: Sequence[str]
    names: Sequence[str]
    categories: Mapping[str, Sequence[str]]

    def __post_init__(self) -> None:
        known = {name.partition(".")[0] for name in self.names} | set(self.categories) | set(self._words)
        for text in self.texts:
            if strangers := sorted(names_in_condition(text) - known):
                raise BadExpression(
                    f"{text!r} speaks of {', '.join(strangers)}; there are {', '.join((*self.names, *self.categories))}"
                )

    def hold(self, point: Mapping[str, float | str]) -> bool:
        """Does a point keep all of them? What cannot be worked out, such as a division by zero, is not kept."""
        values = values_of(point, self._words)
        try:
            return all(holds(text, values) for text in self.texts)
        except BadExpression:
            return False

    @property
    def _words(self) -> dict[str, float]:
        """A number for each word, by which words are compared."""
        words = dict.fromkeys(word for choices in self.categories.values() for word in choices)
        return {word: float(number) for number, word in enumerate(words)}


def values_of(point: Mapping[str, float | str], words: Mapping[str, float]) -> dict[str, float | dict[str, float]]:
    """A point as formulas take it: parts of mixtures by part, and words by the number that stands for each.

    >>> values_of({"ink.a": 0.4, "ink.b": 0.6, "solvent": "water"}, {"water": 1.0})
    {'water': 1.0, 'ink': {'a': 0.4, 'b': 0.6}, 'solvent': 1.0}
    """
    values: dict[str, float | dict[str, float]] = {**words}
    for name, value in point.items():
        number = words[value] if isinstance(value, str) else value
        whole, dot, part = name.partition(".")
        mixture = values.setdefault(whole, {}) if dot else None
        if isinstance(mixture, dict):
            mixture[part] = number
        else:
            values[name] = number
    return values
