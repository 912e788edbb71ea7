"""Chinese surnames: how they are read as surnames, which have two characters, and how they are spelt abroad.

Written for this program. Dictionaries give the everyday reading first (曾 céng, "once"), which is the wrong one of a person.
"""

from __future__ import annotations

READ_AS_SURNAME = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "任": "ren", "华": "hua", "朴": "piao",
    "查": "zha", "盖": "ge", "乐": "yue", "尉": "wei", "翟": "zhai", "覃": "qin", "晟": "cheng", "盛": "sheng",
    "冼": "xian", "缪": "miao", "洗": "xian", "种": "chong", "召": "shao", "折": "she", "繁": "po", "员": "yun",
    "贠": "yun", "黑": "he", "句": "gou", "钭": "tou", "那": "na", "宓": "mi", "祭": "zhai", "卜": "bu", "柏": "bai",
    "秘": "bi", "薄": "bo", "牟": "mu", "纪": "ji", "葛": "ge", "哈": "ha", "逄": "pang", "谌": "chen", "燕": "yan",
    "车": "che", "沈": "shen", "石": "shi", "能": "nai", "重": "chong", "麦": "mai", "曲": "qu", "洪": "hong",
    "宁": "ning", "应": "ying", "要": "yao", "万": "wan", "贾": "jia", "余": "yu", "於": "yu", "佘": "she",
    "郗": "xi", "隗": "wei", "令": "ling", "褚": "chu", "臧": "zang", "藏": "zang", "占": "zhan", "相": "xiang",
    "叶": "ye", "吕": "lu", "吴": "wu", "长": "zhang", "行": "xing", "邢": "xing", "冯": "feng", "陈": "chen",
    "费": "fei", "骆": "luo", "俞": "yu", "嬴": "ying", "谷": "gu", "甄": "zhen", "阚": "kan", "撒": "sa",
}  # fmt: skip

_TWO = (
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 司空 夏侯 长孙 宇文 轩辕 端木 百里 南宫 西门 独孤 闻人 钟离"
    " 万俟 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 鲜于 闾丘 赫连 呼延 拓跋 东郭 南门 张简 范姜 欧陽"
)
TWO_CHARACTERS = frozenset(_TWO.split())
READ_TOGETHER = {"尉迟": "yuchi", "万俟": "moqi", "单于": "chanyu", "长孙": "zhangsun"}

SECOND_READINGS = {
    "乐": "yue", "长": "zhang", "重": "zhong", "朝": "zhao", "晟": "sheng", "茜": "xi", "莎": "suo", "娜": "nuo",
    "颉": "jie", "露": "lou", "柏": "bo", "行": "hang", "艾": "yi", "单": "shan", "曾": "zeng", "洁": "ji", "翟": "zhai",
    "俊": "zun", "涵": "gan", "珺": "qun", "筠": "jun", "玥": "yue", "琢": "zuo", "贞": "zheng", "晖": "hui",
}  # fmt: skip
"""Second readings that occur in given names."""

SPELT_ABROAD = {
    # Cantonese (Hong Kong, Jyutping-like), Hokkien and Hakka (Taiwan, Singapore, Malaysia), Vietnamese-Chinese.
    "chen": "chan tan chin tang tran", "wang": "wong ong heng", "huang": "wong ng ooi oei wee uy bong", "li": "lee lei lie ly",
    "zhang": "cheung chong teo teoh tio chang", "liu": "lau lao liew low", "yang": "yeung yeo young ieong",
    "lin": "lam lim lum ling", "wu": "ng ngo goh go", "zhao": "chiu chao teo", "zhou": "chow chau chew chiew joe",
    "xu": "hui tsui chui chee koh khoo hsu", "sun": "suen soon syun", "ma": "mah beh", "zhu": "chu choo jee gee",
    "hu": "woo wu oh", "guo": "kwok kok quek kuok koay keh", "he": "ho hoe hor", "gao": "ko kou koh", "luo": "law lo loh low",
    "zheng": "cheng chang tay tee the teh zeng", "liang": "leung leong neo nio", "xie": "tse sheh chia cheah",
    "song": "sung soong", "tang": "tong thong teng", "deng": "tang teng", "han": "hon hahn", "feng": "fung foong pang",
    "cao": "tso cho chou", "peng": "pang phang", "zeng": "tsang chan chang cheng", "xiao": "siu siew seow shaw siao hsiao",
    "tian": "tin teen tien", "dong": "tung toong", "pan": "poon phua pua", "yuan": "yuen wan", "cai": "choi tsoi chua chuah tsai chai",
    "jiang": "keung kong geung chiang", "yu": "yue yee yiu u er", "du": "to tu toh", "ye": "yip ip yap yeh", "cheng": "ching seng thia",
    "wei": "ngai gwai wai goei", "su": "so soh soo", "lu": "lo luk loke look lui", "ding": "ting teng", "ren": "yam yum jen",
    "shen": "sham sum sim", "yao": "yiu yeow io", "lai": "lai loi", "tan": "tam tham", "fan": "fan wan hwan", "fang": "fong hong png",
    "shi": "shek sze si see sek", "xiong": "hung", "jin": "kam gam kim", "dai": "tai tye", "xia": "ha hah", "zhong": "chung cheong",
    "wen": "man mann boon wan", "mo": "mok", "mai": "mak", "ou": "au ow", "ouyang": "auyeung auyong", "situ": "szeto seto",
    "guan": "kwan", "kuang": "fong kwong hong", "kong": "hung", "bai": "pak pai peh", "qiu": "yau khoo hew chiu", "qin": "chun chin tsin",
    "jian": "kan kan chien", "lian": "lin", "yan": "yim ngan gan yen", "you": "yau yew eu", "zhuang": "chong chuang chng", "weng": "yung eng",
    "fu": "foo fu poh", "gan": "kam", "gu": "koo ku", "hong": "hung ang", "hou": "hau how", "kang": "hong", "lei": "lui loi",
    "long": "lung leong", "meng": "mang", "mei": "mui moy", "ni": "ngai geh", "pang": "pong", "qian": "chin tsien", "ruan": "yuen nguyen",
    "shao": "siu shiu", "tao": "to toh", "wan": "man", "xue": "sit seet", "yin": "wan yan", "zhan": "chim jim", "zou": "chow chau",
    "cen": "shum sam", "lao": "lo low", "bi": "but", "hua": "wah", "ning": "ning", "zuo": "jor tso", "mu": "mok", "qi": "chai",
}  # fmt: skip
"""Pinyin of a surname: its other spellings. Wade-Giles is computed and need not be here."""
