"""Labels that no person is called by: detectors, dyes, antigens, cytometers.

A channel's name or marker is free text, and a patient's name can stand there. A label stays only
when each of its words is one of the field's, and at least one could not be a name: "Violet" alone
could, "CD14 Violet" could not. Short words ("DR", "Mono") are sure where they stand alone and may
be a title or a name beside others. What the panel recognises as the assays' stains stays as well.
"""

import re
from functools import cache

from hladr.assay import available_assays, load_assay
from hladr.channel_name import canonical, detector_name, is_clutter, names_antigen, pulse_tail
from hladr.spillover import already_compensated

LONGEST_LABEL = 60
_SIGNS = re.compile(r"[0-9A-Za-z \-_./:;,()@+<>µμαβγδεζκλ™®]+")
_BETWEEN = re.compile(r"[^0-9A-Za-zµμαβγδεζκλ]+")

# Laser lines, filters and dyes that are several words; taken out before a label is split.
_NANOMETRES = r"[3-9]\d\d"
_PHRASES = re.compile(
    rf"(?<!\d)(?:{_NANOMETRES}/{{1,2}}(?:\d\d|{_NANOMETRES})(?:\s?nm)?|{_NANOMETRES}\s?nm"
    rf"|{_NANOMETRES}\s?[BLS]P|\({_NANOMETRES}\))(?!\d)"
    r"|pacific[ _]?(?:blue|orange)|texas[ _]?red|tx[ _]?red|krome[ _]?orange|am[ _]?cyan"
    r"|(?<![a-z])r-pe(?![a-z])|alexa[ _-]?(?:fluor|(?=\d{3}))|live/dead|near[ _-]?ir|nile[ _]?red"
    r"|cy(?:anine)?[ -]?5[.\- ]5|7-aad",
    re.IGNORECASE,
)
# "IL-12" and "CD 14" are one word each.
_HYPHENED = re.compile(
    r"\b(IL|PD|CTLA|TIM|LAG|KI|DNA|CD|BV|BUV|BB|AF|CY|PC|TLR|FL|Ig[GMAED]|CCR|CXCR)[- ](?=\d)",
    re.IGNORECASE,
)
_ELEMENTS = (
    "Ag|Ba|Bi|Cd|Ce|Cs|Dy|Er|Eu|Gd|Ho|In|Ir|La|Lu|Nd|Os|Pb|Pd|Pr|Pt|Rh|Sm|Sn|Sr|Ta|Tb|Te|Tm|Xe|Y|Yb"
)
_DETECTORS = (
    r"FL\d{1,2}|[BGRVY]L\d{1,2}|(?:UV|YG|NL|[BGRVY])\d{1,3}|FSC[AHW]?|SSC[AHWB]?|FSLIN|FALS|FS|SS"
    r"|ALS|LALS|RALS|HDR|MSW|LSW|TIME|EVENTS?|SCATTER|FORWARD|FLUORESCENCE|PULSE|WIDTH|EMPTY"
    r"|NUCLEATION|VIABILITY|DOUBLET|UNUSED\d{0,2}|COMP|CH\d{1,2}|(?:RED|YEL|GRN|BLU|VIO)HL(?:IN|OG)"
    r"|HLIN|HLOG|LINA|LINH|LOGA|LOGH|CHANNEL\d{1,4}|REMOVED|CELL|LENGTH|SIZE|COUNT|YEL|EV"
)
_DYES = (
    r"R?PE|PHYCOERYTHRIN|FITC|PERCP(?:CY\d{1,2})?|PCP55|APC(?:H7|CY7|R700|A700|A750|FIRE\d{3})?"
    r"|PE?CY\d{1,2}|CY(?:ANINE)?\d{1,2}|PC\d{1,2}|ECD|BU?V\d{3}|BB\d{3}|A[FX]\d{3}|[EV]\d{3}C?"
    r"|EF\d{3}|EFLUOR|KRO?|KROR|PACBLU?E?|QDOT\d{0,3}|QD\d{3}|VIOBLUE|VIOGREEN|VIOBRIGHT|ALEXA\d{0,3}"
    r"|AMCYAN|TXRED|TRITC|SYTOX|HOECHST|DRAQ\d|7AAD|DAPI|PI|VIVID|ZOMBIE|FVS\d{3}|FVD|VIADYE|CFSE"
    r"|RB\d{3}|RY\d{3}|NOVAFLUOR|SUPERBRIGHT|SB\d{3}|H7|R700|DYLIGHT|[EGYRCB]FP|TDTOMATO|MCHERRY"
    r"|MORANGE|RHODAMINE"
)
_ANTIGENS = (
    r"(?:ANTI)?C?S?CD\d{1,3}[A-Z]{0,2}\d?|HLA(?:DR|DP|DQ|ABC|[ABCEG])?|DR|DP|DQ|IG[GMADE]?\d?[ABC]?"
    r"|KAPPA|LAMBDA|(?:AB|GD)?TCR(?:AB|GD|V[ABGD]\d{0,2})?|V[ABDGαβγδ]\d{1,2}|MAIT|CC?R\d{1,2}"
    r"|CXC?\d?CR\d|XCR1|CRTH2|IL\d{1,2}[A-Z]?R?[ABαβ]?|TNF[ARα]?|IFN[ABGαβγ]?|KI67|FOXP3|PDL?\d"
    r"|CTLA4|TIM3|LAG3|TIGIT|ICOS|TLR\d{1,2}|SIGLEC\d{0,2}|NKG2[ACD]|NKP\d\d|KLRG1|KIR[23]D[LS]\d"
    r"|GRANZYME|GZM[ABK]|PERFORIN|MHCI{0,2}|LY6[CG]|B220|F480|TBET|GATA3|RORGT|EOMES|TCF1|S100A\d{1,2}"
    r"|ARG1|MERTK|CSF1R|FCER1A?|SLAN|MONO|MONOCYTES?|LYMPH(?:OCYTES?|OS?)?|P?(?:AKT|BTK|ERK|LAT|NFKB"
    r"|PLCG2|S6|SHP2|SLP76|STAT\d|ZAP70|P38|CREB)|DNA\d?|BC\d{1,2}|BEADS?|ISOTYPE|L243|MPHIP9|MOP9"
)
_OWN = re.compile(f"{_DETECTORS}|{_DYES}|{_ANTIGENS}", re.IGNORECASE)
_METAL = re.compile(rf"(?:{_ELEMENTS})\d{{2,3}}(?:D[id])?|D[id]|\d{{2,3}}(?:{_ELEMENTS})")
# Words of the field that are somebody's name, too, or say nothing alone.
_COMMON = re.compile(
    r"A|H|W|M|B|E|T|INT|LIN|LOG|PEAK|TOF|AREA|HEIGHT|RATIO|MIN|VIOLET|BLUE|GREEN|RED|YELLOW"
    r"|ORANGE|AQUA|VIO|BL|GL|RL|VL|YL|UV|YG|YEL|LIVE|DEAD|LD|L|D|ANTI|HUMAN|MOUSE|SIDE|BACK|DUMP|TX|SPEC"
    r"|COMPUTED|EMPTY|BLANK|NONE|SEC|NM|ALPHA|BETA|GAMMA|DELTA|α|β|γ|δ|CE|SE|TM|V|FLUOR|CONTROL",
    re.IGNORECASE,
)
# Words of the field that may be a title, a name or an initial where other words stand beside them.
_SURE_ALONE = re.compile(
    r"DR|DP|DQ|PI|EV|FS|SS|CELL|MONO|KO|KR|PB|ALS|LAT|ERK|AKT|ALEXA|COMP|COUNT|EMPTY|EVENTS?|FORWARD"
    r"|LENGTH|PULSE|REMOVED|SIZE|TIME|WIDTH|YEL",
    re.IGNORECASE,
)
# Channels whose names are made of such words, as instruments call them.
_INSTRUMENT_NAMES = re.compile(
    r"(?:FS|SS)[ _-]?(?:LIN|LOG|PEAK|TOF|AREA|HEIGHT|WIDTH|INT)(?:[ _-](?:LIN|LOG))?"
    r"|(?:CELL|EVENT)[ _]?LENGTH|EVENT[ _](?:COUNT|#)|PULSE WIDTH|TIME [LM]SW|COMPUTED TIME"
    r"|(?:FORWARD|SIDE)[ _]SCATTER",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d{1,3}")

_CYTOMETERS = re.compile(
    r"(?:BD[ -]?(?:BIOSCIENCES)?[ -]*)?(?:FACS?[ -]*)?(?:CALIBUR|SCAN|SORT|CANTO|ARIA|LYRIC|VERSE"
    r"|CELESTA|SYMPHONY|MELODY|DISCOVER|LSR|LSRII|FORTESSA|LSRFORTESSA|ACCURI|INFLUX)"
    r"(?:[ -]*(?:FUSION|PLUS|CLINICAL|X-?20|C6|A[135]|S[168]|SE|SORP|10|II|III|I))*"
    r"|(?:THERMO ?FISHER )?ATTUNE(?: ?NXT| ?CYTPIX)?(?: ACOUSTIC FOCUSING CYTOMETER)?"
    r"|(?:BECKMAN COULTER )?(?:CYTOFLEX(?: ?(?:S|LX|SRT))?|GALLIOS|NAVIOS(?: ?EX)?|DXFLEX"
    r"|CYTOMICS FC ?500|FC ?500|EPICS(?: ?XL(?:-MCL)?)?|CYAN(?: ?ADP)?"
    r"|MOFLO(?: ?(?:ASTRIOS|XDP|LEGACY))?|AQUIOS(?: ?CL)?)"
    r"|MACSQUANT(?: (?:VYB|X|10|16|ANALYZER(?: (?:10|16))?))?"
    r"|(?:CYTEK )?(?:AURORA|NORTHERN LIGHTS)(?: (?:CS|EVO))?"
    r"|GUAVA(?: ?(?:MUSE|EASYCYTE|PCA))?|ZE5|S3E?|PARTEC PAS|CUBE[_ ]?\d{0,2}"
    r"|(?:SONY )?(?:ID7000|SA3800|SH800|MA900)"
    r"|NOVOCYTE(?: ?(?:QUANTEON|PENTEON|ADVANTEON|OPTEON))?|ECLIPSE ANALYZER"
    r"|DVSSCIENCES-CYTOF[0-9.\-]*|HELIOS|S1[0-9]{3}EXI",
    re.IGNORECASE,
)


def is_technical(label: str) -> bool:
    """Whether a channel's label is made of the field's words alone, one of them beyond doubt."""
    words = _words(label)
    if words is None:
        return False
    if _INSTRUMENT_NAMES.fullmatch(label) or names_antigen(label, _assay_markers()):
        return True
    alone = len(_words(detector_name(label)) or ()) == 1
    sure = [word for word in words if _is_own(word) and (alone or not _SURE_ALONE.fullmatch(word))]
    numbers = [word for word in words if _NUMBER.fullmatch(word)]
    known = sum(map(_is_known, words)) + len(numbers)
    return bool(sure) and known == len(words) and len(numbers) <= 1


def is_one_word(text: str) -> bool:
    """Whether a text is no more than one word, so that it says nothing where it is a known one."""
    return len([word for word in _BETWEEN.split(text) if word]) <= 1


def is_cytometer(model: str) -> bool:
    """Whether $CYT is a cytometer's model and nothing else (a laboratory's name often is there)."""
    return _CYTOMETERS.fullmatch(model.strip()) is not None


def neutral_name(name: str, pseudonym: str) -> str:
    """Return a channel name without its words, ``Comp-Channel-<pseudonym>-A`` for ``Comp-Jane-A``.

    What says which pulse feature it is, and whether it was compensated, stays.
    """
    own = f"Channel-{pseudonym}{pulse_tail(name)}"
    return f"Comp-{own}" if already_compensated(name) else own


@cache
def _assay_markers() -> tuple[str, ...]:
    """Markers by which the built-in assays know their stains, but for those that may be a name."""
    rules = [rule for name in available_assays() for rule in load_assay(name).channels.values()]
    markers = {marker for rule in rules for marker in rule.markers}
    return tuple(sorted(m for m in markers if not _SURE_ALONE.fullmatch(canonical(m))))


def _words(label: str) -> list[str] | None:
    """Words of a label, phrases as ``FL1`` each; None where signs occur that no label has."""
    if len(label) > LONGEST_LABEL or not _SIGNS.fullmatch(label):
        return None
    plain = label.replace("™", " ").replace("®", " ")
    plain = _HYPHENED.sub(r"\1", _PHRASES.sub(" FL1 ", plain))
    return [word for word in _BETWEEN.split(plain) if word]


def _is_own(word: str) -> bool:
    if _OWN.fullmatch(word) or _METAL.fullmatch(word):
        return True
    return is_clutter(word.upper()) and not _COMMON.fullmatch(word)


def _is_known(word: str) -> bool:
    return _is_own(word) or (not _NUMBER.fullmatch(word) and bool(_COMMON.fullmatch(word)))
