"""Channels of a data set: what the $Pn keywords say about each column."""

import math
from collections import Counter
from dataclasses import dataclass

from calibration.finding import Finding, Severity
from hladr.fcs.errors import KeywordInvalid, KeywordMissing, LimitExceeded, listed
from hladr.fcs.keywords import BLANKS, Keywords, integer_in, number_in
from hladr.fcs.tokens import CHANNEL_LIMIT

# Wider than any amplifier; a logarithmic or amplified value stays finite within.
MOST_DECADES = 20.0
GAIN_LOW, GAIN_HIGH = 1e-6, 1e9
OFFSET_LOW, OFFSET_HIGH = 1e-30, 1e30


@dataclass(frozen=True, slots=True)
class Channel:
    """One column of the events.

    Parameters
    ----------
    index
        Column, from 0.
    name
        Short name, $PnN.
    marker
        Long name, $PnS; None when absent or blank.
    bits
        $PnB as declared; 0 when not declared.
    range
        $PnR as declared; odd (0, -1, 23.4, NaN when not declared) in some float files.
    log_decades
        First number of $PnE; 0.0 when the stored numbers are linear, as floats always are.
    log_offset
        Second number of $PnE, an illegal 0 mended to 1.0; 1.0 when linear.
    gain
        $PnG as recorded, None when not recorded.
    voltage
        $PnV, in volts; None when not recorded.
    """

    index: int
    name: str
    marker: str | None
    bits: int
    range: float
    log_decades: float
    log_offset: float
    gain: float | None
    voltage: float | None

    @property
    def is_time(self) -> bool:
        """Whether this is the Time channel, by its name."""
        return is_time_name(self.name)


def is_time_name(name: str) -> bool:
    """Whether a channel of this name is Time."""
    return name.strip(BLANKS).lower() == "time"


@dataclass(slots=True)
class _Notes:
    """What was tolerated, by kind, while the channels of one data set were read."""

    nameless: list[str]
    no_amplification: list[str]
    log_of_floats: list[str]
    zero_log_offset: list[str]
    zero_gain: list[str]
    gain_and_log: list[str]
    unread: list[str]


def count_channels(keywords: Keywords) -> int:
    """$PAR, checked.

    Raises
    ------
    KeywordMissing, KeywordInvalid
        It is not a number from 1.
    LimitExceeded
        It is above 4,096.
    """
    count = keywords.required_integer("$PAR")
    if count < 1:
        raise KeywordInvalid(keyword="$PAR", found=str(count), expected="1 or more channels")
    if count > CHANNEL_LIMIT:
        raise LimitExceeded(what="$PAR, the number of channels", found=count, limit=CHANNEL_LIMIT)
    return count


def read_channels(
    keywords: Keywords, types: tuple[str, ...], version: str
) -> tuple[tuple[Channel, ...], list[Finding]]:
    """Channels and what had to be tolerated.

    Parameters
    ----------
    keywords
        Keywords of the data set.
    types
        Data type of each channel: I, F, D or A.
    version
        Of the data set, ``FCS3.1``.

    Raises
    ------
    KeywordMissing, KeywordInvalid
        Integers without a range from 2, amplification or gain outside what can be undone.
    """
    notes = _Notes([], [], [], [], [], [], [])
    channels = tuple(_channel(keywords, index, kind, notes) for index, kind in enumerate(types))
    if version == "FCS2.0":
        notes.no_amplification.clear()  # $PnE is required since FCS 3.0
    return channels, _findings(channels, types, notes)


def _channel(keywords: Keywords, index: int, kind: str, notes: _Notes) -> Channel:
    prefix = f"$P{index + 1}"
    marker = keywords.text(prefix + "S")
    name = keywords.text(prefix + "N")
    if name is None:
        name = marker or f"P{index + 1}"
        notes.nameless.append(name)
    decades, offset = _amplification(keywords, prefix + "E", kind, notes)
    gain = _number(keywords, prefix + "G", notes)
    if gain is not None and not is_time_name(name):
        _check_gain(gain, prefix, decades, notes)
    return Channel(
        index=index,
        name=name,
        marker=marker,
        bits=integer_in(keywords.text(prefix + "B") or "") or 0,
        range=_range(keywords, prefix + "R", kind),
        log_decades=decades,
        log_offset=offset,
        gain=gain,
        voltage=_number(keywords, prefix + "V", notes),
    )


def _range(keywords: Keywords, keyword: str, kind: str) -> float:
    text = keywords.text(keyword)
    value = number_in(text or "")
    if kind in "FD":
        return math.nan if value is None else value
    if text is None:
        raise KeywordMissing(keyword=keyword)
    if value is None or not 2.0 <= value <= 2.0**64:
        raise KeywordInvalid(keyword=keyword, found=text, expected="a range from 2 for integers")
    return value


def _amplification(
    keywords: Keywords, keyword: str, kind: str, notes: _Notes
) -> tuple[float, float]:
    text = keywords.text(keyword)
    if text is None:
        if kind in "IA":
            notes.no_amplification.append(keyword)
        return 0.0, 1.0
    first, _, second = text.partition(",")
    decades = number_in(first)
    if kind in "FD":
        if decades != 0.0:
            notes.log_of_floats.append(keyword)
        return 0.0, 1.0
    if decades == 0.0:
        return 0.0, 1.0
    if decades is None or not 0.0 < decades <= MOST_DECADES:
        raise KeywordInvalid(keyword=keyword, found=text, expected="decades and offset, as in 4,1")
    offset = number_in(second)
    if offset == 0.0:
        notes.zero_log_offset.append(keyword)
        return decades, 1.0
    if offset is None or not OFFSET_LOW <= offset <= OFFSET_HIGH:
        raise KeywordInvalid(keyword=keyword, found=text, expected="decades and offset, as in 4,1")
    return decades, offset


def _check_gain(gain: float, prefix: str, decades: float, notes: _Notes) -> None:
    if gain == 0.0:
        notes.zero_gain.append(prefix + "G")
    elif not GAIN_LOW <= gain <= GAIN_HIGH:
        raise KeywordInvalid(
            keyword=prefix + "G", found=f"{gain:g}", expected=f"a gain of {GAIN_LOW:g} or more"
        )
    elif decades > 0.0 and gain != 1.0:
        notes.gain_and_log.append(prefix + "G")


def _number(keywords: Keywords, keyword: str, notes: _Notes) -> float | None:
    text = keywords.text(keyword)
    if text is None:
        return None
    value = number_in(text)
    if value is None:
        notes.unread.append(keyword)
        return None
    return value


def _findings(
    channels: tuple[Channel, ...], types: tuple[str, ...], notes: _Notes
) -> list[Finding]:
    repeated = [
        name for name, n in Counter(channel.name.lower() for channel in channels).items() if n > 1
    ]
    odd = [
        f"$P{channel.index + 1}R"
        for channel, kind in zip(channels, types, strict=True)
        if kind in "FD" and not is_plain_range(channel.range)
    ]
    kinds = (
        ("NAMELESS_CHANNELS", notes.nameless, "channels without $PnN got another name"),
        ("REPEATED_NAMES", repeated, "several channels share a name and cannot be asked for by it"),
        ("LOG_UNSTATED", notes.no_amplification, "integers without $PnE are read as linear"),
        ("LOG_OF_FLOATS", notes.log_of_floats, "$PnE of float data is not applied"),
        ("LOG_OFFSET_ZERO", notes.zero_log_offset, "an offset of 0 in $PnE was read as 1"),
        ("GAIN_ZERO", notes.zero_gain, "a gain of 0 is taken as not applied"),
        ("GAIN_WITH_LOG", notes.gain_and_log, "gain beside log amplification; both were undone"),
        ("NUMBERS_UNREAD", notes.unread, "values that are not numbers are taken as not recorded"),
        ("ODD_RANGE", odd, "$PnR of float data is no detector range; no margin is drawn from it"),
    )
    return [
        Finding(code, Severity.NOTE, f"{sentence}: {listed(names)}. Nothing to do.")
        for code, names, sentence in kinds
        if names
    ]


def is_plain_range(value: float) -> bool:
    """Whether a $PnR can be the range of a detector: a whole number from 2."""
    return value >= 2.0 and math.isfinite(value) and value == math.floor(value)
