"""What the log of an instrument comes to: services, baselines, rules, and runs used in spite.

What was taken back counts as if it had never been written.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from calibration.control import Action, Baseline, Epoch, Kind, Quantity, Rule, RuleSet, Verdict
from service.quality.entry import baseline_read, quantity_or_kind
from service.store.quality_log import Entry, EntryKind


@dataclass(frozen=True, slots=True)
class Book:
    """The log of an instrument, read to its end.

    Parameters
    ----------
    services
        Moments by the clock of the instrument, in order.
    baselines
        Of each quantity and epoch the one that was locked last. One that was locked behind a
        service that was taken back is not among them: no run is of its epoch.
    rules
        What each rule does now.
    uses
        By the id of a calibration, the last entry that lets it be used.
    taken_back
        By the id of an entry, the one that takes it back.
    """

    services: tuple[str, ...]
    baselines: tuple[Baseline, ...]
    rules: RuleSet
    uses: Mapping[str, Entry]
    taken_back: Mapping[str, Entry]

    @classmethod
    def of(cls, log: Sequence[Entry]) -> "Book":
        """Return what a log comes to; of two entries on one thing the later one counts."""
        baselines: dict[tuple[Quantity, Epoch], Baseline] = {}
        rules, services, uses = RuleSet(), [], {}
        taken_back = _taken_back(log)
        for entry in log:
            if entry.id in taken_back:
                continue
            said = entry.content
            match entry.kind:
                case EntryKind.SERVICE:
                    services.append(str(said["at"]))
                case EntryKind.BASELINE:
                    for kept in said["baselines"]:
                        found = baseline_read(kept, entry.reason)
                        baselines[found.quantity, found.epoch] = found
                case EntryKind.RULE:
                    of = quantity_or_kind(said["of"])
                    rules = rules.switched(of, Rule(said["rule"]), Action(said["action"]))
                case EntryKind.USE:
                    uses[str(said["calibration_id"])] = entry
        known = tuple(each for each in baselines.values() if each.epoch.service in {"", *services})
        return cls(tuple(sorted(services)), known, rules, uses, taken_back)

    def service_before(self, moment: str) -> str:
        """Moment of the last service at or before a moment; empty before the first."""
        return max((each for each in self.services if each <= moment), default="")

    def rejecting(self) -> "Book":
        """Return the same with the baselines alone that a run can be rejected by.

        Rules within a run look at all quantities of a kind: one that can only warn stays beside
        one that can reject.
        """
        kinds = {each.quantity.kind for each in self.baselines if self._may_reject(each.quantity)}
        kept = (each for each in self.baselines if each.quantity.kind in kinds)
        return replace(self, baselines=tuple(kept))

    def _may_reject(self, quantity: Quantity) -> bool:
        return any(self.rules.action(quantity, rule) is Action.REJECT for rule in Rule)

    @property
    def judges_control(self) -> bool:
        """Whether control blood is held against a baseline."""
        return any(each.quantity.kind is Kind.CONTROL for each in self.baselines)

    def last_use(self, ids: Collection[str]) -> Entry | None:
        """Return the last entry that lets any run of a file be used, None without one."""
        said = (self.uses[each] for each in ids if each in self.uses)
        return max(said, key=lambda each: (each.made_at, each.id), default=None)

    def use_of(self, verdict: Verdict, ids: Collection[str]) -> Entry | None:
        """Return the entry that lets a run be used, None where nobody has said so.

        Whoever let it be used had read what was violated then; what came after that nobody has
        answered for.

        Parameters
        ----------
        ids
            Of the run and its copies: an answer for one is one for the file.
        """
        entry = self.last_use(ids)
        if entry is None:
            return None
        known = entry.content.get("violations", verdict.rejected_by)  # older entries name none
        return entry if set(verdict.rejected_by) <= set(known) else None

    def hangs_on_nothing(self, entry: Entry) -> bool:
        """Whether an entry is a baseline of a service that is not there any more."""
        return entry.kind is EntryKind.BASELINE and any(
            kept["epoch"]["service"] not in {"", *self.services}
            for kept in entry.content["baselines"]
        )


def _taken_back(log: Sequence[Entry]) -> dict[str, Entry]:
    """Of two entries that take the same one back the first is told."""
    found: dict[str, Entry] = {}
    for entry in log:
        if entry.kind is EntryKind.WITHDRAWAL:
            found.setdefault(str(entry.content["entry_id"]), entry)
    return found
