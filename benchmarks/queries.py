"""What visitors ask: the mix over which search is measured, as parameters of the results page."""

Parameters = dict[str, str]

ONE_CHARACTER = "铝 茶 焊 酒 铅 水 机 养 局"
TWO_CHARACTERS = "轴承 养老 口罩 电梯 轮胎 术语 安全 要求 规范 水质 涂料 试验 管理 鸭肉"
FOUR_CHARACTERS = "试验方法 技术规范 电力变压 气相色谱 信息安全 质量管理 服务规范 道路车辆 生活垃圾 数字证书"
SEVERAL = (
    "电动汽车 安全",
    "茶叶 测定",
    "苏州 服务规范",
    "阀门 试验方法 低温",
    "质量管理体系 要求",
    "第2部分 术语",
    "不锈钢 无缝钢管 技术条件",
    "农药残留 液相色谱",
    "养老服务 机构 评价指南",
)
ENGLISH = ("bearing", "lithium battery", "test method", "vocabulary")
NUMBERS = (
    "GB/T 12",
    "gbt12",
    "ＧＢ／Ｔ 60",
    "GB 2-2017",
    "DB32/T 40",
    "T/CECS 3",
    "ISO 120",
    "NY/T 88",
    "210",
    "33.1",
)
OTHERS = ('"安全要求"', "zlgltx", "市场监督管理局", "未曾有之物", "qqqzzz 标准", "齉")
FILTERED: tuple[Parameters, ...] = (
    {},
    {"level": "national"},
    {"level": "group", "status": "in_force"},
    {"status": "upcoming"},
    {"status": "replaced", "year": "2010-2015"},
    {"year": "2020"},
    {"ics": "67"},
    {"ics": "13.040", "level": "industry"},
    {"ccs": "C"},
    {"region": "320000"},
    {"region": "3206", "ordering": "-published_on"},
    {"department": "交通运输部"},
    {"prefix": "GB/T", "ordering": "-implemented_on"},
    {"prefix": "YY", "status": "in_force"},
    {"status": "in_force", "on": "2015-06-01"},
    {"q": "安全", "level": "national"},
    {"q": "试验方法", "status": "in_force"},
    {"q": "规范", "region": "330000"},
    {"q": "茶", "year": "2015-2020"},
    {"q": "要求", "ics": "29", "status": "in_force"},
    {"q": "服务", "department": "工业和信息化部"},
    {"q": "水", "ccs": "Z", "ordering": "number"},
    {"q": "电池", "level": "group", "ordering": "-published_on"},
    {"q": "机", "nature": "mandatory"},
)

Group = tuple[str, list[Parameters]]
GROUPS: tuple[Group, ...] = (
    ("one character", [{"q": word} for word in ONE_CHARACTER.split()]),
    ("two characters", [{"q": word} for word in TWO_CHARACTERS.split()]),
    ("four characters", [{"q": word} for word in FOUR_CHARACTERS.split()]),
    ("several words", [{"q": words} for words in SEVERAL]),
    ("English", [{"q": words} for words in ENGLISH]),
    ("numbers", [{"q": number} for number in NUMBERS]),
    ("phrase, pinyin, organization, no hit", [{"q": words} for words in OTHERS]),
    ("filters without words", [one for one in FILTERED if "q" not in one]),
    ("filters with words", [one for one in FILTERED if "q" in one]),
)
"""The queries by what they are; more than 80."""
