"""What the log of an instrument comes to: services, baselines, rules, and runs used in spite."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from calibration.control import Action, Baseline, Epoch, Quantity, Rule, RuleSet, Verdict
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
        Of each quantity and epoch the one that was locked last.
    rules
        What each rule does now.
    uses
        By the id of a calibration, the last entry that lets it be used.
    """

    services: tuple[str, ...]
    baselines: tuple[Baseline, ...]
    rules: RuleSet
    uses: Mapping[str, Entry]

    @classmethod
    def of(cls, log: Sequence[Entry]) -> "Book":
        """Return what a log comes to; of two entries on one thing the later one counts."""
        baselines: dict[tuple[Quantity, Epoch], Baseline] = {}
        rules, services, uses = RuleSet(), [], {}
        for entry in log:
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
        return cls(tuple(sorted(services)), tuple(baselines.values()), rules, uses)

    def service_before(self, moment: str) -> str:
        """Moment of the last service at or before a moment; empty before the first."""
        return max((each for each in self.services if each <= moment), default="")

    def rejecting(self) -> "Book":
        """Return the same with the baselines alone whose quantity can reject a run."""
        kept = (each for each in self.baselines if self._may_reject(each.quantity))
        return replace(self, baselines=tuple(kept))

    def _may_reject(self, quantity: Quantity) -> bool:
        return any(self.rules.action(quantity, rule) is Action.REJECT for rule in Rule)

    def use_of(self, verdict: Verdict) -> Entry | None:
        """Return the entry that lets a run be used, None where nobody has said so.

        Whoever let it be used had read what was violated then; what came after that nobody has
        answered for.
        """
        entry = self.uses.get(verdict.run)
        if entry is None:
            return None
        known = entry.content.get("violations", verdict.rejected_by)  # older entries name none
        return entry if set(verdict.rejected_by) <= set(known) else None
