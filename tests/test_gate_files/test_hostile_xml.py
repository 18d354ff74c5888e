"""XML that was made to do harm is refused before anything of it is used."""

import sys
import time
import zlib

import pytest
from oracle_gate_files import NAMESPACES, gatingml, workspace

from hladr.errors import HladrError
from hladr.gate_files import (
    GateFileForbidden,
    GateFileNotXml,
    GateFileTooLarge,
    GateFileUnknown,
    load_gates,
    loading,
    parse_gates,
    xml,
)

GATE = (
    '<g:RectangleGate g:id="mono"><g:dimension g:compensation-ref="FCS">'
    '<d:fcs-dimension d:name="PE-A"/></g:dimension></g:RectangleGate>'
)
LAUGHS = "".join(
    f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha"}">' for i in range(12)
)  # fmt: skip
DOCTYPES = {
    "plain": "<!DOCTYPE Gating-ML>",
    "file": '<!DOCTYPE g [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "network": '<!DOCTYPE g SYSTEM "http://127.0.0.1:1/gates.dtd">',
    "parameter": '<!DOCTYPE g [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x"> %p;]>',
    "inside": '<!DOCTYPE g [<!ENTITY x "mono">]>',
    "laughs": f"<!DOCTYPE g [{LAUGHS}]>",
    "attributes": '<!DOCTYPE g [<!ATTLIST x y CDATA "z">]>',
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("case", DOCTYPES)
def test_a_doctype_is_refused_in_every_encoding(case, encoding):
    declared = '<?xml version="1.0" encoding="UTF-16"?>' if "16-" in encoding else ""
    text = declared + DOCTYPES[case] + gatingml(GATE.replace("mono", "mo&l9;no")).decode()
    started = time.perf_counter()
    with pytest.raises(GateFileForbidden, match="has a DOCTYPE in line 1"):
        parse_gates(text.encode(encoding))
    assert time.perf_counter() - started < 1.0


def test_a_doctype_is_refused_in_a_workspace():
    content = workspace("<Sample/>").replace(b"<Workspace", b"<!DOCTYPE Workspace>\n<Workspace", 1)
    with pytest.raises(GateFileForbidden, match="a DOCTYPE in line 2"):
        parse_gates(content)


def test_an_entity_without_a_declaration_is_no_xml():
    with pytest.raises(GateFileNotXml, match="undefined entity, line 1"):
        parse_gates(gatingml(GATE.replace("mono", "&x;")))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" ",
        b"FCS3.1    ",
        b"<",
        gatingml("<g:x>"),
        gatingml("</g:x>"),
        gatingml("") + gatingml(""),
        gatingml(GATE)[:-3],
        b'<a b="1" b="2"/>',
        b"<x:a/>",
        b"\x00" * 64,
        b"\xff\xfe" + b"\x00" * 9,
        b"PK\x03\x04",
        gatingml("<g:x>µ</g:x>").replace("µ".encode(), b"\xff"),
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        b'<?xml version="1.0" encoding="zlib"?><a/>',
        b'<?xml version="1.0" encoding="utf-7"?><a/>',
        b'<?xml version="1.0" encoding="utf-16"?><a/>',
        gatingml("&#0;"),
        gatingml("&#xD800;"),
        zlib.compress(b"<a/>"),
    ],
)
def test_what_is_no_xml_is_refused_as_such(content):
    with pytest.raises(GateFileNotXml, match=r"the gate file is not XML: .+ \(.wsp\)"):
        parse_gates(content)


def test_a_gatingml_file_over_eight_mebibytes_is_refused(tmp_path):
    path = tmp_path / "large.xml"
    padding = "<!--x-->" * (loading.LARGEST_GATINGML // 8)
    path.write_bytes(gatingml(GATE + padding))
    with pytest.raises(GateFileTooLarge, match="more than 8,388,608 bytes of Gating-ML"):
        load_gates(path)


def test_a_workspace_may_be_larger_and_has_its_own_limit(tmp_path, monkeypatch):
    path = tmp_path / "large.wsp"
    content = workspace("<Sample>" + "<!--x-->" * (loading.LARGEST_GATINGML // 8) + "</Sample>")
    path.write_bytes(content)
    assert load_gates(path).samples
    monkeypatch.setattr(loading, "LARGEST_WORKSPACE", 1000)
    with pytest.raises(GateFileTooLarge, match="more than 1,000 bytes"):
        load_gates(path)


def test_a_file_without_end_is_not_read_to_its_end():
    if sys.platform.startswith("linux"):
        with pytest.raises(GateFileTooLarge, match="more than 67,108,864 bytes"):
            load_gates("/dev/zero")


@pytest.mark.parametrize("inside", ["<d:custom_info>{}</d:custom_info>", "{}"])
def test_levels_are_limited_in_what_is_left_out_too(inside):
    deep = "<g:x>" * 100_000 + "</g:x>" * 100_000
    with pytest.raises(GateFileTooLarge, match="more than 256 levels"):
        parse_gates(gatingml(inside.format(deep)))


def test_the_attributes_of_one_tag_are_limited():
    many = " ".join(f'a{i}=""' for i in range(800_000))
    started = time.perf_counter()
    with pytest.raises(GateFileTooLarge, match="more than 8,388,608 bytes in one tag"):
        parse_gates(workspace(f"<Sample {many}/>"))
    assert time.perf_counter() - started < 1.0


def test_elements_are_limited(monkeypatch):
    monkeypatch.setattr(xml, "MOST_ELEMENTS", 1000)
    with pytest.raises(GateFileTooLarge, match="more than 1,000 elements"):
        parse_gates(gatingml("<d:custom_info>" + "<a/>" * 1000 + "</d:custom_info>"))


def test_long_text_is_not_collected():
    values = f"<g:value>{'1' * 2_000_000}</g:value>"
    divider = '<g:divider g:id="x" g:compensation-ref="FCS"><d:fcs-dimension d:name="PE-A"/>'
    body = f'<g:QuadrantGate g:id="q">{divider}{values}</g:divider></g:QuadrantGate>'
    with pytest.raises(HladrError, match="a finite number as value of a divider") as refused:
        parse_gates(gatingml(body))
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"<html/>", "a document 'html'"),
        (b"<Gating-ML/>", "a document 'Gating-ML'"),
        (
            b'<g:Gating-ML xmlns:g="http://www.isac-net.org/std/Gating-ML/v1.5/gating"/>',
            "Gating-ML 'v1.5'",
        ),
        (
            b'<g:Gating-ML xmlns:g="http://www.isac-net.org/std/Gating-ML/v3.0/gating"/>',
            "Gating-ML 'v3.0'",
        ),
        (b'<g:Gating-ML xmlns:g="urn:x"/>', "a document 'Gating-ML' of 'urn:x'"),
        (workspace("<Sample/>", version="1.61"), "a workspace '1.61' of FlowJo '10.8.1'"),
        (f"<g:gates {NAMESPACES}/>".encode(), "a document 'gates' of 'http"),
    ],
)
def test_other_documents_are_refused_by_what_they_are(content, found):
    with pytest.raises(GateFileUnknown, match=r"expected Gating-ML 2\.0 or a FlowJo 10") as refused:
        parse_gates(content)
    assert f"found {found}" in str(refused.value)


def test_foreign_text_in_a_refusal_is_short():
    name = "x" * 100_000
    with pytest.raises(HladrError) as refused:
        parse_gates(gatingml(f"<g:{name}/>"))
    assert len(str(refused.value)) < 1000
