"""The words of which generated titles are made; written for this project, no title stands in any catalogue."""

from typing import NamedTuple


class Domain(NamedTuple):
    """A field of work: its ICS and CCS classes, industry prefixes, words for titles in Chinese and English."""

    ics: str
    ccs: str
    prefixes: str
    things: str
    qualities: str
    english: str

    @property
    def words(self) -> list[str]:
        return self.things.split()


DOMAINS = (
    Domain(
        "03 13", "A", "SB GM",
        "养老服务 家政服务 物业管理 快递服务 网约车服务 会展服务 旅游民宿 体育场馆 图书馆 博物馆 社区食堂 婚庆服务 "
        "信用评价 政务服务 行政许可 公共信用信息 电子商务平台 直播带货 夜间经济 消费维权 餐饮服务 洗染服务 拍卖服务",
        "星级 智慧 绿色 公共 农村 城市 社区 无障碍 数字化 居家 机构 连锁",
        "elderly care, housekeeping service, property management, express delivery, library, catering service",
    ),
    Domain(
        "77 25", "H", "YB YS",
        "热轧钢板 冷轧钢带 无缝钢管 高强度螺栓 铝合金型材 铜及铜合金 钛合金棒材 镁锭 稀土永磁材料 硅钢片 不锈钢丝 "
        "焊接材料 铸铁管件 轴承钢 弹簧钢 钢筋混凝土用钢 镍基合金 钨精矿 锌锭 粉末冶金零件 金属基复合材料 电解铜箔",
        "优质碳素 低合金 耐候 耐蚀 高温 航空用 船用 锅炉用 双金属 表面硬化 超低碳 精密",
        "hot-rolled steel plate, seamless tube, aluminium alloy, copper foil, welding consumable",
    ),
    Domain(
        "67 65", "B X", "NY SC LY",
        "小麦粉 大米 食用植物油 鲜食葡萄 大闸蟹 茶叶 枸杞 生猪 肉鸡 水稻种子 玉米 马铃薯 苹果 柑橘 食用菌 蜂蜜 乳制品 "
        "饲料添加剂 农药残留 有机肥料 温室大棚 节水灌溉 杂交水稻 对虾养殖 林木种苗 速冻水饺 酱油 食醋 白酒 黄酒 葡萄酒",
        "绿色食品 有机 地理标志产品 无公害 设施栽培 富硒 冷链 预包装 散装 稻渔综合种养 出口 高产",
        "wheat flour, edible oil, tea, feed additive, hybrid rice, frozen food, organic fertilizer",
    ),
    Domain(
        "11", "C", "YY WS",
        "心脏起搏器 一次性使用输液器 血液透析设备 骨科植入物 人工关节 牙科材料 医用口罩 体外诊断试剂 核酸检测试剂盒 "
        "超声诊断设备 磁共振成像设备 医用缝合针 接触镜 助听器 麻醉机 呼吸机 婴儿培养箱 手术无影灯 消毒剂 隐形眼镜 输血器",
        "有源 无源 可吸收 一次性使用 便携式 家用 植入式 高频 医用电气 无菌 血管内 儿科",
        "cardiac pacemaker, infusion set, dental material, diagnostic reagent, ventilator, surgical implant",
    ),
    Domain(
        "29 27 31", "K F", "NB DL",
        "电力变压器 高压开关设备 低压断路器 电力电缆 绝缘子 风力发电机组 光伏组件 储能电池 锂离子电池 充电桩 继电保护装置 "
        "电能表 互感器 电动机 汽轮机 水轮机 核电厂安全壳 避雷器 配电自动化终端 照明灯具 发光二极管 家用电器 电动工具 熔断器",
        "智能 防爆 户外 三相 交流 直流 特高压 额定电压 干式 油浸式 海上 分布式",
        "power transformer, circuit-breaker, photovoltaic module, lithium battery, electricity meter, luminaire",
    ),
    Domain(
        "35 33", "L M", "YD SJ",
        "信息安全技术 个人信息保护 云计算平台 大数据系统 人工智能模型 区块链 物联网感知层 工业互联网标识 移动通信基站 光纤光缆 "
        "卫星导航终端 射频识别标签 数据中心 软件测试 中文编码字符集 网络交换机 智能终端 语音识别 数字证书 密码模块 电子政务",
        "信息技术 网络安全 面向服务 第五代 开放 多媒体 边缘计算 跨境 可信 轻量级 车载 行业应用",
        "information security, cloud platform, big data, blockchain, optical fibre, smart terminal, data centre",
    ),
    Domain(
        "91 93", "P Q", "JC JG CJ",
        "混凝土 预应力混凝土管 砌块 保温材料 防水卷材 建筑玻璃 陶瓷砖 石膏板 铝合金门窗 电梯 建筑结构胶 装配式建筑 城市综合管廊 "
        "给水管道 生活垃圾 污水处理厂 供热管网 燃气灶具 沥青路面 隧道衬砌 桥梁支座 绿色建筑 海绵城市 公园绿地 消防水带",
        "建筑用 轻质 再生 高性能 预制 节能 低碳 既有 超高层 地下 寒冷地区 抗震",
        "concrete, waterproof membrane, building glass, ceramic tile, elevator, sewage treatment, bridge bearing",
    ),
    Domain(
        "71 83 87", "G", "HG SH",
        "聚乙烯树脂 硫化橡胶 轮胎 涂料 胶粘剂 工业硫酸 氢氧化钠 化妆品 洗涤剂 农药原药 染料 催化剂 工业循环冷却水 化学试剂 "
        "塑料薄膜 炭黑 水性油墨 工业乙醇 有机硅 氟橡胶 纳米碳酸钙 石油产品 润滑油 车用汽油 天然气 液化石油气",
        "工业用 食品级 电子级 水性 热塑性 高密度 生物降解 阻燃 改性 分散性 环保型 耐油",
        "polyethylene resin, rubber, coating, adhesive, catalyst, cosmetic, lubricating oil, chemical reagent",
    ),
    Domain(
        "13", "Z C", "HJ AQ",
        "环境空气 水质 土壤和沉积物 固体废物 固定污染源废气 噪声 危险化学品 职业病危害 个体防护装备 安全帽 防护服 消防应急照明 "
        "火灾报警控制器 特种设备 粉尘爆炸 矿山救援 碳排放核算 清洁生产 排污许可 生态保护红线 放射性废物 应急避难场所 安全标志",
        "城镇 工业企业 重点行业 突发 流域 海洋 室内 农用地 有限空间 企业 化工园区 在线监测",
        "ambient air, water quality, soil, solid waste, noise, protective clothing, fire alarm, carbon emission",
    ),
    Domain(
        "43 45 47 49 03", "T S R", "QC JT TB MH CB",
        "电动汽车 道路车辆 汽车座椅 摩托车 自行车 轨道交通车辆 铁路道岔 民用航空器 船舶管系 港口起重机 集装箱 公路护栏 无人驾驶航空器 "
        "智能网联汽车 汽车制动系统 动力蓄电池 氢燃料电池 车用空调 交通信号灯 机场跑道 内河船 道路运输企业 停车场 桥吊",
        "城市 高速 轻型 纯电动 商用 货运 自动驾驶 客运 远洋 大型 新能源 专用",
        "electric vehicle, road vehicle, railway turnout, aircraft, ship piping, container, traffic signal",
    ),
    Domain(
        "21 23 25 53", "J", "JB",
        "滚动轴承 齿轮 紧固件 阀门 离心泵 压缩机 数控机床 工业机器人 液压缸 起重机械 输送带 铸造机械 锻压机械 刀具 量具 模具 弹簧 "
        "链条 密封圈 减速器 内燃机 包装机械 印刷机械 塔式起重机 叉车 压力容器 锅炉 激光加工设备 增材制造装备 木工机床",
        "机械 重型 精密 通用 液压 气动 数控 立式 卧式 自动化 钢制 不锈钢",
        "rolling bearing, gear, fastener, valve, machine tool, industrial robot, pressure vessel, crane",
    ),
    Domain(
        "59 61 97 85", "W Y", "FZ QB",
        "棉本色布 针织服装 羽绒制品 地毯 丝绸 化学纤维长丝 非织造布 纺织染整助剂 婴幼儿服装 学生书包 鞋类 皮革 家具 玩具 "
        "纸和纸板 生活用纸 文具 眼镜镜片 钟表 乐器 珠宝玉石饰品 木地板 陶瓷餐具 儿童座椅 体育用品 烟花爆竹",
        "纺织品 儿童 机织 涤纶 户外运动 家用 复合 抗菌 智能穿戴 手工 竹制 防水透湿",
        "cotton fabric, knitted garment, chemical fibre, footwear, furniture, toy, paper, jewellery",
    ),
)  # fmt: skip

# Kinds of document: words, their weight.
DOCUMENTS = (
    ("技术规范", 10, "technical specification"), ("技术条件", 9, "specifications"), ("通用技术要求", 8, "general requirements"),
    ("试验方法", 12, "test method"), ("安全要求", 8, "safety requirements"), ("管理规范", 8, "management specification"),
    ("服务规范", 8, "service specification"), ("技术规程", 9, "code of practice"), ("评价指南", 6, "assessment guideline"),
    ("术语", 5, "vocabulary"), ("分类与编码", 4, "classification and coding"), ("检验规则", 3, "inspection rules"),
    ("质量管理体系 要求", 2, "quality management systems — Requirements"), ("标准化工作导则", 1, "directives for standardization"),
    ("术语和定义", 2, "terms and definitions"), ("包装、标志、运输和贮存", 2, "packaging, marking, transport and storage"),
    ("生产技术规程", 5, "production rules"), ("建设指南", 4, "construction guideline"), ("验收规范", 3, "acceptance"),
    ("能源消耗限额", 3, "quota of energy consumption"), ("应急预案编制导则", 1, "emergency planning"),
    ("运行维护规程", 3, "operation and maintenance"), ("数据元", 2, "data elements"), ("接口要求", 3, "interfaces"),
)  # fmt: skip

METHODS = ["气相色谱法", "液相色谱-质谱法", "原子吸收光谱法", "电感耦合等离子体质谱法", "分光光度法", "滴定法", "重量法", "X射线荧光光谱法", "离子选择电极法", "拉伸试验", "冲击试验", "盐雾试验", "疲劳试验", "硬度试验", "超声检测", "渗透检测", "磁粉检测", "射线检测", "耐候性试验", "加速老化试验", "生物学评价", "微生物检验"]  # fmt: skip

ANALYTES = [
    "铅",
    "镉",
    "汞",
    "砷",
    "铬",
    "铜",
    "锌",
    "镍",
    "甲醛",
    "苯系物",
    "多环芳烃",
    "硫化物",
    "氰化物",
    "总氮",
    "总磷",
    "氟离子",
    "水分",
    "灰分",
    "蛋白质",
    "黄曲霉毒素",
    "残留溶剂",
    "邻苯二甲酸酯",
]

PARTS = ["通则", "总则", "术语", "分类", "要求", "试验方法", "检验规则", "安全", "性能", "尺寸", "材料", "设计", "安装", "验收", "维护", "特殊要求", "选用导则", "接口", "数据格式", "符合性测试"]  # fmt: skip

SUFFIXES = ("", "", "", "", "（试行）", "及其应用", "（修订版）", "和使用导则")

CITIES = ["南京", "苏州", "南通", "无锡", "杭州", "宁波", "合肥", "福州", "厦门", "济南", "青岛", "广州", "深圳", "武汉", "长沙", "成都", "西安", "沈阳", "大连", "哈尔滨", "昆明", "贵阳", "南宁", "海口", "兰州"]  # fmt: skip

GROUPS = tuple(
    f"{head}{tail}"
    for head in ("C", "JS", "ZJ", "GD", "SD", "BJ", "SH", "SC", "HN", "FJ", "AH", "HB")
    for tail in ("AS", "IA", "QA", "FA", "BDA", "AAI", "ECS", "TEA", "MIA", "NIA", "SMA", "PCA", "EEA", "CIA")
)

MINISTRIES = ["国家标准化管理委员会", "国家市场监督管理总局", "工业和信息化部", "住房和城乡建设部", "交通运输部", "农业农村部", "生态环境部", "国家能源局", "国家卫生健康委员会", "国家药品监督管理局", "国家铁路局", "中国民用航空局", "应急管理部", "商务部", "国家林业和草原局", "公安部", "民政部", "文化和旅游部", "国家粮食和物资储备局", "国家质量监督检验检疫总局", "国家发展和改革委员会", "自然资源部", "水利部", "国家烟草专卖局", "中国气象局", "中国地震局", "海关总署", "国家广播电视总局"]  # fmt: skip
