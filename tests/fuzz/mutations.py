"""Changes that stay close to FCS: one keyword, one offset, one segment at a time."""

import random
import re
from collections.abc import Callable

NUMBERS = (
    "0", "1", "-1", "2", "3", "8", "10", "16", "24", "31", "32", "33", "40", "56", "64", "65",
    "255", "256", "1024", "4095", "4096", "4097", "65535", "65536", "65537", "262144", "2147483647",
    "2147483648", "4294967296", "9007199254740993", "18446744073709551615", "18446744073709551616",
    "99999999", "99999999999999999999", "1e3", "1e308", "-1e308", "1e-320", "0.5", "23.4", "nan",
    "inf", "0x10", "1_0", "٣", "²", " 5 ", "+5", "5.", ".5", "00000000000000000007", "*", "",
)  # fmt: skip
WORDS = (
    "I", "F", "D", "A", "L", "C", "U", "i", "1,2,3,4", "4,3,2,1", "1,2", "2,1", "3,4,1,2", "1", ",",
    "0,0", "4,1", "4,0", "4.0,0.00", "20,1e30", "0.1,1e-30", "3", "Time", "TIME", "FSC-A", "FL1",
    "FL1 LOG", "Comp-PE-A", "<PE-A>", "1,PE-A,1", "2,1,2,1,0.1,0.1,1", "2,1,2,1,1,1,1", "0.01",
    "3,1,-0.1,0,0,1,0,0,0,1", "1,1", "macintosh", "a//b", "//", "µ", "$TOT", "$PAR", "/$PAR/1",
)  # fmt: skip
NAMES = (
    "$PAR", "$TOT", "$MODE", "$DATATYPE", "$BYTEORD", "$NEXTDATA", "$TIMESTEP", "$BEGINDATA",
    "$ENDDATA", "$BEGINSTEXT", "$ENDSTEXT", "$BEGINANALYSIS", "$ENDANALYSIS", "$SPILLOVER", "SPILL",
    "$COMP", "$DFC1TO2", "$SYS", *(f"$P{n}{k}" for n in (1, 2, 3, 4)
                                   for k in ("N", "S", "B", "R", "E", "G", "V", "DATATYPE")),
)  # fmt: skip
_NUMBER = re.compile(rb"[0-9]{1,20}")


def changed(content: bytes, largest: int, seed: int, other: Callable[[bytes], bytes]) -> bytes:
    """Return `content` with one to three changes; `other` changes bytes without knowing FCS."""
    rng = random.Random(seed)  # noqa: S311 - chance, not secrets
    for _ in range(rng.choice((1, 1, 2, 3))):
        change = rng.choice(
            (one_value, one_value, one_value, one_number, header_field, new_keyword, dropped,
             doubled, data_only, next_set, other)
        )  # fmt: skip
        content = change(content) if change is other else change(content, rng)
    return content[:largest]


def one_value(content: bytes, rng: random.Random) -> bytes:
    """Put another value behind one keyword; HEADER and offsets follow, or do not."""
    tokens, mark, begin, end = _taken_apart(content)
    if len(tokens) < 2:
        return content
    at = rng.randrange(1, len(tokens), 2)
    tokens[at] = rng.choice(rng.choice((NUMBERS, WORDS))).encode()
    return _together(content, tokens, mark, begin, end, follow=rng.random() < 0.8)


def one_number(content: bytes, rng: random.Random) -> bytes:
    """Change one number of TEXT in place, by a little or by much, its width kept."""
    _tokens, _mark, begin, end = _taken_apart(content)
    found = list(_NUMBER.finditer(content, begin, end))
    if not found:
        return content
    number = rng.choice(found)
    width = number.end() - number.start()
    value = rng.choice((int(number[0]) + rng.choice((-2, -1, 1, 2)), rng.randrange(10**width)))
    text = b"%0*d" % (width, max(value, 0))
    return content[: number.start()] + text[-width:] + content[number.end() :]


def header_field(content: bytes, rng: random.Random) -> bytes:
    """Change one offset of the HEADER."""
    at = 10 + 8 * rng.randrange(6)
    old = content[at : at + 8].strip()
    number = int(old) if old.isdigit() else 0
    value = rng.choice(
        (number + rng.choice((-2, -1, 1, 2)), 0, 58, len(content), rng.randrange(999))
    )
    text = rng.choice((b"%8d" % value, b"%08d" % max(value, 0), b" " * 8, b"99999999"))
    return content[:at] + text[:8] + content[at + 8 :]


def new_keyword(content: bytes, rng: random.Random) -> bytes:
    """Add a keyword, perhaps one that is there already."""
    tokens, mark, begin, end = _taken_apart(content)
    pair = [rng.choice(NAMES), rng.choice(rng.choice((NUMBERS, WORDS)))]
    at = 2 * rng.randrange(len(tokens) // 2 + 1)
    tokens[at:at] = [token.encode() for token in pair]
    return _together(content, tokens, mark, begin, end, follow=True)


def dropped(content: bytes, rng: random.Random) -> bytes:
    """Leave out a keyword, or only its value."""
    tokens, mark, begin, end = _taken_apart(content)
    if len(tokens) < 2:
        return content
    at = 2 * rng.randrange(len(tokens) // 2)
    del tokens[at : at + rng.choice((1, 2))]
    return _together(content, tokens, mark, begin, end, follow=True)


def doubled(content: bytes, rng: random.Random) -> bytes:
    """Write a delimiter twice, or change which byte it is."""
    tokens, mark, begin, end = _taken_apart(content)
    if rng.random() < 0.5 and tokens:
        at = rng.randrange(len(tokens))
        tokens[at] = rng.choice((mark, mark * 2, tokens[at] + mark * 2 + b"x", b""))
    else:
        mark = bytes((rng.randrange(256),))
    return _together(content, tokens, mark, begin, end, follow=True)


def data_only(content: bytes, rng: random.Random) -> bytes:
    """Change the bytes behind TEXT, lengthen or shorten them."""
    _tokens, _mark, _begin, end = _taken_apart(content)
    tail = bytearray(content[end:])
    if tail and rng.random() < 0.5:
        for _ in range(rng.randrange(1, 9)):
            tail[rng.randrange(len(tail))] = rng.choice((0, 1, 127, 128, 255, 32, 48, 57, 44, 10))
    else:
        cut = rng.randrange(len(tail) + 1)
        tail = tail[:cut] if rng.random() < 0.5 else tail + bytes(rng.randrange(1, 9))
    return content[:end] + bytes(tail)


def next_set(content: bytes, rng: random.Random) -> bytes:
    """Put the file behind itself as another data set, or let $NEXTDATA point somewhere."""
    tokens, mark, begin, end = _taken_apart(content)
    where = next((n + 1 for n, token in enumerate(tokens[:-1]) if token == b"$NEXTDATA"), None)
    if where is None or not where % 2:
        return new_keyword(content, rng)
    tokens[where] = b"00000000"
    plain = _together(content, tokens, mark, begin, end, follow=True)
    step = rng.choice((len(plain), len(plain), len(plain) - 1, 58, end, 1))
    tokens[where] = b"%08d" % step
    return _together(content, tokens, mark, begin, end, follow=True) + plain


def _taken_apart(content: bytes) -> tuple[list[bytes], bytes, int, int]:
    """Tokens of TEXT, delimiter, and the bytes TEXT lies at; escapes are not looked at."""
    fields = content[10:18].strip(), content[18:26].strip()
    if not all(field.isdigit() for field in fields):
        return [], b"/", 58, min(len(content), 58)
    begin, end = int(fields[0]), int(fields[1]) + 1
    if not 58 <= begin < end <= len(content) + 1:
        return [], b"/", 58, min(len(content), 58)
    text = content[begin:end]
    mark = text[:1] or b"/"
    return text[1:].removesuffix(mark).split(mark), mark, begin, end


def _together(
    content: bytes, tokens: list[bytes], mark: bytes, begin: int, end: int, *, follow: bool
) -> bytes:
    """Return the file with this TEXT; where all `follow`, the offsets behind it move along."""
    text = mark + mark.join(tokens) + mark
    shift = begin + len(text) - end
    if not follow or not shift:
        return content[:begin] + text + content[end:]
    names = {b"$BEGINDATA", b"$ENDDATA", b"$BEGINANALYSIS", b"$ENDANALYSIS", b"$BEGINSTEXT",
             b"$ENDSTEXT"}  # fmt: skip
    for at in range(0, len(tokens) - 1, 2):
        value = tokens[at + 1].strip()
        if tokens[at] in names and value.isdigit() and len(value) < 20 and int(value) >= end:
            width = len(tokens[at + 1])
            tokens[at + 1] = b"%0*d" % (width, int(value) + shift)
    text = mark + mark.join(tokens) + mark
    head = bytearray(content[:58])
    head[18:26] = (b"%8d" % (begin + len(text) - 1))[:8]
    for at in (26, 34, 42, 50):
        value = bytes(head[at : at + 8]).strip()
        if value.isdigit() and int(value) >= end - 1:
            head[at : at + 8] = (b"%8d" % (int(value) + shift))[:8]
    return bytes(head) + content[58:begin] + text + content[end:]
