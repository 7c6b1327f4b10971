"""The rules a new database starts with: composition, terms, grades. Written by us, each with its source and evidence.

Staff keep the tables from then on; nothing in the code relies on these values.
"""

DRAFT = "全国专业标准化技术委员会管理办法（总局令第191号）征求意见稿；定稿待核"
MEMORY = "待核：凭经验填写的默认值"

# level, kind, limits by field, source, evidence
COMPOSITION = [
    (
        "national",
        "tc",
        {
            "least_members": 25,
            "most_vice_chairs": 5,
            "most_deputies": 5,
            "most_of_interest": 50,
            "most_of_unit": 3,
            "most_of_person": 3,
            "chairs_apart": True,
        },
        DRAFT,
        "draft",
    ),
    (
        "national",
        "sc",
        {
            "least_members": 15,
            "most_vice_chairs": 5,
            "most_deputies": 5,
            "most_of_interest": 50,
            "most_of_unit": 3,
            "most_of_person": 3,
            "chairs_apart": True,
        },
        MEMORY,
        "memory",
    ),
]

# level, division code, years, months for renewal papers, months of the warnings, source, evidence
TERMS = [
    ("international", "", None, None, "12,6,3", MEMORY, "memory"),
    ("national", "", 5, None, "12,6,3", MEMORY, "memory"),
    ("provincial", "", None, None, "12,6,3", MEMORY, "memory"),
    ("municipal", "", None, None, "12,6,3", MEMORY, "memory"),
    (
        "provincial",
        "210000",
        4,
        3,
        "12,6,3",
        "辽宁省的规定（文件名待核）：任期四年，届满前三个月提交换届材料",
        "verified",
    ),
]

# authority, level, division code, first year, grades (best first; months for rectification and consequence), source
SCALES = [
    (
        "国家标准化管理委员会",
        "national",
        "",
        2016,
        [("一级", None, ""), ("二级", None, ""), ("三级", None, ""), ("不合格", 6, "限期整改六个月，其间不下达新项目")],
        "2016年度全国专业标准化技术委员会考核评估（50个：7/20/13/10）",
    ),
    (
        "江苏省市场监督管理局",
        "provincial",
        "320000",
        2023,
        [("优秀", None, ""), ("良好", None, ""), ("合格", None, ""), ("不合格", None, "")],
        "2023年度江苏省专业标准化技术委员会考核（62个：26/25/10/1）",
    ),
    (
        "广东省市场监督管理局",
        "provincial",
        "440000",
        2022,
        [("优秀", None, ""), ("一般", None, ""), ("差", None, "")],
        "2022年度广东省专业标准化技术委员会考核（117个：16/83/18）",
    ),
]
