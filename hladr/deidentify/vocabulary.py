"""Labels that no person is called by: detectors, dyes, antigens, cytometers.

A channel's name or marker is free text, and a patient's name can stand there. A label stays only
when each of its words is one of the field's, and at least one could not be a name: "Violet" alone
could, "CD14 Violet" could not.
"""

import re

from hladr.spillover import already_compensated, bare_detector

LONGEST_LABEL = 60
_SIGNS = re.compile(r"[0-9A-Za-z \-_./:;,()@+<>µμαβγδεζκλ™®]+")
_BETWEEN = re.compile(r"[^0-9A-Za-zµμαβγδεζκλ]+")

# Laser lines, filters and dyes that are several words; taken out before a label is split.
_NANOMETRES = r"[3-9]\d\d"
_PHRASES = re.compile(
    rf"(?<!\d)(?:{_NANOMETRES}/{{1,2}}(?:\d\d|{_NANOMETRES})(?:\s?nm)?|{_NANOMETRES}\s?nm"
    rf"|{_NANOMETRES}\s?[BLS]P|\({_NANOMETRES}\))(?!\d)"
    r"|pacific[ _]?(?:blue|orange)|texas[ _]?red|tx[ _]?red|krome[ _]?orange|am[ _]?cyan"
    r"|alexa[ _]?fluor|live/dead|near[ _-]?ir|nile[ _]?red|cy(?:anine)?[ -]?5[.\- ]5|7-aad",
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
    r"A|H|W|M|B|E|T|INT|LIN|LOG|PEAK|TOF|AREA|HEIGHT|RATIO|MAX|MIN|VIOLET|BLUE|GREEN|RED|YELLOW"
    r"|ORANGE|AQUA|VIO|BL|GL|RL|VL|YL|UV|YG|YEL|LIVE|DEAD|LD|L|D|ANTI|HUMAN|MOUSE|SIDE|BACK|DUMP|TX|SPEC"
    r"|COMPUTED|EMPTY|BLANK|NONE|SEC|NM|ALPHA|BETA|GAMMA|DELTA|α|β|γ|δ|CE|SE|TM|V|FLUOR|CONTROL",
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
    sure = [word for word in words if _is_own(word)]
    numbers = [word for word in words if _NUMBER.fullmatch(word)]
    known = len(sure) + len(numbers) + sum(_is_common(word) for word in words)
    return bool(sure) and known == len(words) and len(numbers) <= 1


def is_one_word(text: str) -> bool:
    """Whether a text is no more than one word, so that it says nothing where it is a known one."""
    return len([word for word in _BETWEEN.split(text) if word]) <= 1


def is_cytometer(model: str) -> bool:
    """Whether $CYT is a cytometer's model and nothing else (a laboratory's name often is there)."""
    return _CYTOMETERS.fullmatch(model.strip()) is not None


def neutral_name(name: str, number: int) -> str:
    """Return a channel name without its words, ``Comp-Channel7-A`` for ``Comp-Jane Roe-A``.

    What says which pulse feature it is, and whether it was compensated, stays.
    """
    bare = bare_detector(name)
    found = re.search(
        r"[-_ ](A|H|W|INT|PEAK|TOF|AREA|HEIGHT|WIDTH)(?:[-_ ](LIN|LOG))?$", bare, re.IGNORECASE
    )
    own = f"Channel{number}" + (found[0] if found else "")
    return f"Comp-{own}" if already_compensated(name) else own


def _words(label: str) -> list[str] | None:
    """Words of a label, phrases as ``FL1`` each; None where signs occur that no label has."""
    if len(label) > LONGEST_LABEL or not _SIGNS.fullmatch(label):
        return None
    plain = label.replace("™", " ").replace("®", " ")
    plain = _HYPHENED.sub(r"\1", _PHRASES.sub(" FL1 ", plain))
    return [word for word in _BETWEEN.split(plain) if word]


def _is_own(word: str) -> bool:
    return _OWN.fullmatch(word) is not None or _METAL.fullmatch(word) is not None


def _is_common(word: str) -> bool:
    return not _is_own(word) and not _NUMBER.fullmatch(word) and bool(_COMMON.fullmatch(word))
