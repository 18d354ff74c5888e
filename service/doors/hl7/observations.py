"""What a message observes: AB/c with its interval, the class, ferritin, and how sure they are.

The interval is two observations of its own. OBX-7 is the place of a reference range: a receiver
would print the interval as what is normal, and flag the number by it.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hladr.criterion.printing import format_probability
from service.doors.hl7.er7 import Field, Fields, Repeated, moment, segment
from service.doors.leaving import Leaving
from service.doors.number import Absence, Absent, Classified
from service.settings import Settings

ABC_UNIT: Final = ("{Ab}/{cell}", "antibodies bound per cell", "UCUM")
FERRITIN: Final = ("2276-4", "Ferritin [Mass/volume] in Serum or Plasma", "LN")
_FERRITIN_UNIT: Final = ("ng/mL", "nanogram per millilitre", "UCUM")
_LOCAL: Final = "L"
_LOINC = "http://loinc.org"
_RANGE_FLAGS: Final = {"above": ">", "below": "<"}
_YES_NO: Final = {True: ("Y", "Yes", "HL70136"), False: ("N", "No", "HL70136")}

LOW: Final = ("HLADR-ABC-LOW", "HLA-DR, lower end of the 95 % interval", _LOCAL)
HIGH: Final = ("HLADR-ABC-HIGH", "HLA-DR, upper end of the 95 % interval", _LOCAL)
MONOCYTES: Final = ("HLADR-MONOCYTES", "Monocytes that HLA-DR was measured on", _LOCAL)
CLASS: Final = ("HLADR-CLASS", "Class by ferritin and HLA-DR", _LOCAL)
DECISIVE: Final = ("HLADR-DECISIVE", "Whether the interval leaves no other class", _LOCAL)
PROBABILITY: Final = ("HLADR-PROBABILITY", "Probability that the class is right", _LOCAL)
VERDICT: Final = ("HLADR-VERDICT", "Verdict of the checks", _LOCAL)


@dataclass(frozen=True, slots=True)
class Observation:
    """A line of a result: its code, the kind of its value, and the value; empty is none.

    Of what is not `ours` it is not told when, how and by whom it was measured.
    """

    code: tuple[str, str, str]
    kind: str
    value: Field
    unit: Field = ""
    flag: str = ""
    ours: bool = True


def observations(leaving: Leaving, settings: Settings) -> Iterator[Observation]:
    """What is observed, in its order; AB/c stands first whether there is a number or not."""
    code = code_of(settings)
    number = leaving.number
    if isinstance(number, Absent):
        yield Observation(code, "NM", "", ABC_UNIT)
        if number.why is Absence.WITHDRAWN:
            yield from (Observation(end, "NM", "", ABC_UNIT) for end in (LOW, HIGH))
            yield Observation(MONOCYTES, "NM", "")
            yield Observation(VERDICT, "ST", "")
    else:
        low, high = number.interval
        flag = _RANGE_FLAGS.get(number.range, "")
        yield Observation(code, "NM", number.text, ABC_UNIT, flag)
        yield Observation(LOW, "NM", low, ABC_UNIT)
        yield Observation(HIGH, "NM", high, ABC_UNIT)
        yield Observation(MONOCYTES, "NM", str(number.monocytes))
        yield Observation(VERDICT, "ST", leaving.verdict or "")
    if leaving.classified is not None:
        yield from _of_class(leaving.classified)
    yield from _ferritin(leaving)


def code_of(settings: Settings) -> tuple[str, str, str]:
    """Return the code of the test: the laboratory's own, for none is known beyond it.

    HL7 v2 has names for systems of codes, no addresses: but for LOINC's they are the laboratory's.
    """
    system = settings.code_system
    named = "LN" if system == _LOINC else _LOCAL if ":" in system else system
    return settings.code, settings.code_text, named[:20]


def written(
    each: Observation, place: int, leaving: Leaving, settings: Settings, status: str
) -> str:
    """Return the segment OBX of an observation.

    Parameters
    ----------
    status
        Of a value; one that has none says why (W, X) by itself.
    """
    fields: Fields = {
        1: str(place), 2: each.kind, 3: each.code, 5: each.value, 6: each.unit, 8: each.flag,
        11: status if each.value else _without_value(leaving),
    }  # fmt: skip
    return segment("OBX", {**fields, **(_measured(leaving, settings.zone) if each.ours else {})})


def _measured(leaving: Leaving, zone: dt.tzinfo) -> Fields:
    return {
        14: moment(leaving.tube.drawn_at, zone),
        16: Repeated(_signers(leaving)),
        17: _method(leaving),
        19: moment(leaving.acquired_at, zone),
    }


def _of_class(classified: Classified) -> Iterator[Observation]:
    yield Observation(CLASS, "CE", (classified.name, classified.name, _LOCAL))
    decisive, probability = classified.decisive, classified.probability
    yield Observation(DECISIVE, "CE", "" if decisive is None else _YES_NO[decisive])
    told = "" if probability is None else format_probability(probability)
    yield Observation(PROBABILITY, "NM", told)


def _ferritin(leaving: Leaving) -> Iterator[Observation]:
    """The ferritin that was told; one that is not known any more is told to be none."""
    ferritin = leaving.ferritin_ng_ml
    if ferritin is None:
        if leaving.departure.replaces is not None:
            yield Observation(FERRITIN, "SN", "", _FERRITIN_UNIT, ours=False)
    else:
        comparator = ferritin[0] if ferritin[0] in "<>" else ""
        value = (comparator, ferritin.removeprefix(comparator))
        yield Observation(FERRITIN, "SN", value, _FERRITIN_UNIT, ours=False)


def _without_value(leaving: Leaving) -> str:
    number = leaving.number
    withdrawn = isinstance(number, Absent) and number.why is Absence.WITHDRAWN
    return "W" if withdrawn else "X"


def _signers(leaving: Leaving) -> tuple[Field, ...]:
    """Who stood for it when it left."""
    left = leaving.departure
    signed = leaving.standing.said.signatures
    stood = (each for each in signed if each.version == left.version and each.at <= left.at)
    return tuple(dict.fromkeys((each.user_name, each.full_name) for each in stood))


def _method(leaving: Leaving) -> Field:
    if leaving.result is None:
        return ""
    assay = leaving.result["assay"]
    return assay["name"], f"{assay['name']} version {assay['version']}", _LOCAL
