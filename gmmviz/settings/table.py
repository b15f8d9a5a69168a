"""A table of settings: validity, what a result depends on, and the way to an address and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache, lru_cache
from typing import ClassVar, Self

from gmmviz.corrections import Correction, Unknown
from gmmviz.settings.kinds import Setting
from gmmviz.settings.text import text_of


def setting(row: Setting):
    """Return the field of one setting, for the body of a dataclass of `Settings`."""
    return field(default=row.default, metadata={"setting": row})


@lru_cache(maxsize=1024)  # a page asks for the same some ten times in a run
def _reduced(settings: Settings, parts: tuple[str, ...]) -> Settings:
    kept = {name: getattr(settings, name) for name, row in settings.table().items() if row.part in parts}
    return type(settings)(**kept)


@dataclass(frozen=True)
class Settings:
    """What every page's settings have in common: a table of them, validity, and an address.

    Attributes
    ----------
    headline : tuple of str
        The settings that a title names in any case, first.
    """

    headline: ClassVar[tuple[str, ...]] = ()

    @property
    def is_own(self) -> bool:
        """Whether the data are the user's own."""
        return False

    @property
    def is_private(self) -> bool:
        """Whether something of what they show is of the user's own data, and no one else's to see."""
        return self.is_own

    @classmethod
    @cache
    def table(cls) -> dict[str, Setting]:
        """Return each setting's row, by its name."""
        return {f.name: replace(f.metadata["setting"], name=f.name) for f in fields(cls)}

    @classmethod
    def setting(cls, name: str, **changes):
        """Return the field of one of these settings for another table, with a default, range or words of its own."""
        return setting(replace(cls.table()[name], **changes))

    def __post_init__(self):
        for name, row in self.table().items():
            row.check(getattr(self, name))

    def spelled_out(self) -> dict:
        """Return every setting's value, also where another setting decides what it is."""
        return {name: getattr(self, name) for name in self.table()}

    def told(self) -> dict:
        """Return every setting's value as other pages take it over; None where nothing is chosen."""
        return self.spelled_out()

    def shown(self) -> dict:
        """Return every setting's value as its widget holds it."""
        return {name: self.table()[name].shown(value) for name, value in self.spelled_out().items()}

    @classmethod
    def entered(cls, shown: Mapping) -> Self:
        """Return the settings whose widgets hold these values."""
        return cls(**{name: row.entered(shown[name]) for name, row in cls.table().items()})

    def reduced_to(self, *parts: str) -> Self:
        """Return these settings with all outside `parts` at their defaults: what a result depends on."""
        return _reduced(self, parts)

    def to_query(self, defaults: Self | None = None) -> dict[str, str]:
        """Return what differs from the defaults, as names and texts for an address."""
        defaults, values = defaults or type(self)(), self.spelled_out()
        changed = (name for name in values if getattr(self, name) != getattr(defaults, name))
        return {name: self.table()[name].write(values[name]) for name in changed}

    @classmethod
    def from_query(cls, query: Mapping, defaults: Self | None = None) -> tuple[Self, list[Correction]]:
        """Return the settings an address asks for, and a correction for each value that had to be changed.

        Never raises, and computes nothing: whatever the address holds becomes the nearest valid value or the default.

        Parameters
        ----------
        query : mapping of str to str
            The address's names and texts. Of a list of texts the last counts.
        defaults : Settings, optional
            What holds for settings that the address does not name, and for nonsense.

        Examples
        --------
        >>> from gmmviz.experiment import Experiment
        >>> experiment, (correction,) = Experiment.from_query({"k": "99"})
        >>> experiment.k, correction
        (30, Correction(name='k', given='99', now=30, why=None))
        """
        defaults = defaults or cls()
        table, corrections = cls.table(), []
        values = {name: getattr(defaults, name) for name in table}
        for name, given in query.items():
            text = text_of(given)
            if name not in table:
                corrections.append(Correction(name, text, why=Unknown()))
                continue
            value = table[name].read(text)
            values[name] = values[name] if value is None else value
            if not table[name].says(text, values[name]):
                corrections.append(Correction(name, text, values[name], table[name].slip(text)))
        return cls(**values), corrections
