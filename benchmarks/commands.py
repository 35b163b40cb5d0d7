"""Counts and times the commands that this process sends to MongoDB, by command and collection.

Register one `Commands` before the first client is made, `clear` it before what is measured. Another figure
about commands is a method of it.
"""

from collections import Counter, defaultdict

from pymongo import monitoring


class Commands(monitoring.CommandListener):
    """How often each command was sent and the seconds until its answer, by (command, collection)."""

    def __init__(self) -> None:
        self.times: Counter[tuple[str, str]] = Counter()
        self.seconds: defaultdict[tuple[str, str], float] = defaultdict(float)
        self._names: dict[int, str] = {}

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        """Remember which collection a command is about."""
        self._names[event.request_id] = str(event.command.get(event.command_name, ""))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        """Count an answer."""
        self._add(event)

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        """Count a refusal as an answer."""
        self._add(event)

    def clear(self) -> None:
        """Begin again."""
        self.times.clear()
        self.seconds.clear()

    @property
    def round_trips(self) -> int:
        """Commands that were answered."""
        return sum(self.times.values())

    @property
    def waited(self) -> float:
        """Seconds spent waiting for answers."""
        return sum(self.seconds.values())

    def dearest(self, most: int) -> str:
        """The commands that took longest, as words: command, collection, times, seconds."""
        found = sorted(self.seconds.items(), key=lambda pair: -pair[1])[:most]
        return ", ".join(f"{key[0]} {key[1]} {self.times[key]}x {spent:.2f} s" for key, spent in found)

    def _add(self, event: monitoring.CommandSucceededEvent | monitoring.CommandFailedEvent) -> None:
        key = (event.command_name, self._names.pop(event.request_id, ""))
        self.times[key] += 1
        self.seconds[key] += event.duration_micros / 1e6
