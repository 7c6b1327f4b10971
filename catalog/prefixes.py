"""What a number's prefix says: the level, whether it binds, the division. Pure defaults.

The editable prefix table (`catalog/reference/prefixes.csv`, then the database) comes on top: `parse` takes
its additions as `known`. Sources: 标准化法 arts 2, 24; 行业标准 categories of the 2022 annual report; rows
without a source there are defaults from memory that staff can correct.
"""

from collections.abc import Collection, Mapping

_INDUSTRY = """
AQ BB CB CH CJ CJJ CY DA DB DL DY DZ EJ FZ GA GC GF GH GM GY HB HG HJ HS HT HY
JB JC JG JGJ JR JS JT JTG JTJ JTS
JY KA LB LD LS LY MH MR MT MZ NB NB/SH NY QB QC QJ QX RB RF SB SC SD SF SH SHJ SJ SL SN SW SY TB TBJ TD TY
WB WH WJ WM WS WW XB XF YB YC YD YJ YS YY YZ ZB ZBn ZY
"""
_NATIONAL = "GB GBJ GBZ GBn TJ"
_OTHER = "GJB GSB HAD HAF SHB SHS TSG YBB"

LEVELS: Mapping[str, str] = {
    **dict.fromkeys(_INDUSTRY.split(), "industry"),
    **dict.fromkeys(_NATIONAL.split(), "national"),
    **dict.fromkeys(_OTHER.split(), "other"),
    "CECS": "group",
    "GBW": "metrology",
}
"""Ordinary prefixes, as printed, that stand before `/T`, `/Z` or the serial."""

PRINTED: Mapping[str, str] = {prefix.upper(): prefix for prefix in LEVELS}

NATURE_OF_MARK = {"": "mandatory", "T": "recommended", "TJ": "recommended", "J": "mandatory", "Z": "guidance"}
VOLUNTARY = frozenset({"CECS", "GSB", "GBW"})
"""Neither bind nor are recommended by an authority: association specifications, samples, materials."""

LETTER_SERIALS = frozenset({"JTG", "TSG", "ZB", "ZBn"})
"""A letter opens the serial: JTG D60, TSG D0001, ZB A01001."""

HYPHEN_SERIALS = frozenset({"GSB", "GBW", "JTG", "JTS", "SHS"})
"""A hyphen parts the serial: GSB 04-3885-2021, JTS 145-2-2013."""

ENGINEERING = frozenset({"CJJ", "JGJ", "GBJ"})
"""Engineering codes, whose bracketed year is a partial revision (局部修订), not a reaffirmation."""

LANGUAGES = frozenset(["E", "R", "F", "FR", "G", "DE", "J", "JP", "K", "KR", "S", "ES", "AR", "PT"])
"""Suffixes of foreign-language editions."""

LANGUAGE_NAMES = {
    "英文": "E",
    "俄文": "R",
    "法文": "FR",
    "德文": "G",
    "日文": "JP",
    "韩文": "KR",
    "西班牙文": "ES",
}

PROVINCES: Mapping[str, str] = {
    "11": "京", "12": "津", "13": "冀", "14": "晋", "15": "蒙", "21": "辽", "22": "吉", "23": "黑",
    "31": "沪", "32": "苏", "33": "浙", "34": "皖", "35": "闽", "36": "赣", "37": "鲁", "41": "豫",
    "42": "鄂", "43": "湘", "44": "粤", "45": "桂", "46": "琼", "50": "渝", "51": "川", "52": "黔",
    "53": "滇", "54": "藏", "61": "陕", "62": "甘", "63": "青", "64": "宁", "65": "新",
    "71": "台", "81": "港", "82": "澳",
}  # fmt: skip
"""First two digits of a division code (GB/T 2260) and the province's short name."""

MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
"""Municipalities under the central government: their districts cannot issue local standards."""

_SHORT_NAMES = {short: code + "0000" for code, short in PROVINCES.items()} | {
    "蜀": "510000", "贵": "520000", "云": "530000", "秦": "610000", "陇": "620000",
}  # fmt: skip

_ENGINEERING_CODES = {
    "01": "110000",
    "08": "310000",
    "13": "350000",
    "14": "370000",
    "15": "440000",
    "29": "120000",
}
"""Old codes of local engineering standards (DBJ/T 15 is 广东, DG/TJ 08 is 上海), which are not GB/T 2260."""

RANKS = {
    "national": 10, "industry": 20, "provincial": 30, "municipal": 31, "group": 40, "enterprise": 50,
    "metrology": 60, "international": 70, "other": 80,
}  # fmt: skip
"""The order of levels in lists."""

INTERNATIONAL = ("ITU-T", "ITU-R", "CISPR", "OIML", "ISO", "IEC", "IWA")
COLON_YEARS = frozenset({*INTERNATIONAL, "EN", "DIN", "BS", "NF", "JIS", "CEN", "CENELEC", "PREN"})
ADOPTERS = frozenset({"BS", "DIN", "EN", "NF", "PREN"})
_FOREIGN = "CENELEC ASTM ANSI AAMI ASME NEMA IEEE ETSI NFPA CLSI GOST PREN JIS DIN SAE API AWS CEN NF EN BS UL"
FOREIGN = tuple(_FOREIGN.split())


def level_of(prefix: str, known: Mapping[str, str] | Collection[str] | None = None) -> str:
    """The level of an ordinary prefix, or "" when neither the defaults nor `known` have it."""
    if level := LEVELS.get(prefix):
        return level
    if known and prefix in known:
        return known[prefix] if isinstance(known, Mapping) else "industry"
    return ""


def nature_of(prefix: str, mark: str) -> str:
    """Whether a number binds, read from its prefix and the mark after the slash (标准化法 art. 2)."""
    return "voluntary" if prefix in VOLUNTARY and not mark else NATURE_OF_MARK[mark]


def region_of_short_name(name: str) -> str:
    """`苏` → `320000`; "" for a department such as 铁道."""
    return _SHORT_NAMES.get(name, "")


def region_of_engineering_code(code: str) -> str:
    """The province behind the first group of `15-38`; "" when nobody knows."""
    return _ENGINEERING_CODES.get(code) or (code + "0000" if code in PROVINCES else "")
