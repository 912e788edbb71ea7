"""The example house while it is being built: its people, and when things in it happen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from ..house.access import Actor
from ..house.models import Place
from ..know.models import Customer

FIVE_MINUTES = timedelta(minutes=5)
AN_HOUR = timedelta(hours=1)


@dataclass
class Site:
    """What is known while building. `now` is in UTC, so that adding to it is never wrong by an hour."""

    place: Place
    now: datetime
    language: str
    shifts: list[tuple[time, time]]
    house: Actor
    colleagues: list[Actor]
    """The manager first, then whoever is on duty with them."""
    arrivals: int
    """How many are expected today."""
    customers: dict[str, Customer] = field(default_factory=dict)
    placed: int = 0
    """How many of the arrivals have their time already."""

    @property
    def manager(self) -> Actor:
        return self.colleagues[0]

    @property
    def clerk(self) -> Actor:
        return self.colleagues[1]

    @property
    def currency(self) -> str:
        return self.place.organization.currency

    @property
    def today(self) -> date:
        return self.now.astimezone(self.place.zone).date()

    def colleague(self, number: int) -> Actor:
        """The manager and the clerk take turns at writing things down."""
        return self.colleagues[number % 2]

    def ago(self, *, minutes: float = 0, days: float = 0) -> datetime:
        return self.now - timedelta(minutes=minutes, days=days)

    def at(self, days: int, clock: time) -> datetime:
        """A time of day at the place, so many days ago."""
        return datetime.combine(self.today - timedelta(days=days), clock, self.place.zone).astimezone(UTC)

    def when(self, days: int, number: int) -> datetime:
        """Some moment of the working day so many days ago; today, of the last two hours. `number` tells them apart."""
        if days == 0:
            return self.ago(minutes=25 + number * 17 % 90)
        minute = 9 * 60 + (number * 97 + days * 31 + 13) % 660
        return self.at(days, time(minute // 60, minute % 60))

    def next_arrival(self) -> datetime:
        """The arrivals spread over what is left of today's opening hours, on whole five minutes.

        When too little is left, they lie within the hour around now: late guests, as every house knows them.
        """
        steps = [step for step in self._steps(self.now + FIVE_MINUTES) if self._open_at(step)]
        if len(steps) < self.arrivals:
            steps = [step for step in self._steps(self.now - AN_HOUR) if step < self.now + AN_HOUR]
        moment = steps[(2 * self.placed + 1) * len(steps) // (2 * self.arrivals)]
        self.placed += 1
        return moment

    def _steps(self, since: datetime) -> list[datetime]:
        """Every whole five minutes of the local day from `since` on."""
        first, end = max(self.at(0, time()), since), self.at(0, time(23, 55))
        first = first.replace(minute=first.minute // 5 * 5, second=0, microsecond=0)
        return [first + FIVE_MINUTES * step for step in range((end - first) // FIVE_MINUTES + 1)]

    def _open_at(self, moment: datetime) -> bool:
        clock = moment.astimezone(self.place.zone).time()
        return any(
            opens <= clock < closes if opens < closes else clock >= opens for opens, closes in self.shifts
        )
