"""What is in a gesture, and what somebody keeps away from: words in English, 繁體中文 and 简体中文."""

from __future__ import annotations

import re
from functools import cache

WORDS: dict[str, str] = {
    "alcohol": "alcohol wine champagne prosecco cava beer whisky whiskey vodka gin rum sake cocktail brandy liqueur"
    " mimosa sherry 酒 香檳 香槟 威士忌 啤 調酒 调酒",
    "nuts": "nut nuts almond walnut hazelnut cashew pistachio pecan praline nougat marzipan peanut 堅果 坚果 杏仁 核桃"
    " 榛果 腰果 開心果 开心果 牛軋糖 牛轧糖 花生",
    "peanuts": "peanut 花生",
    "dairy": "milk cream cheese butter yoghurt yogurt latte cappuccino 牛奶 鮮奶 鲜奶 奶油 起司 芝士 乳酪 優格 酸奶 拿鐵"
    " 拿铁",
    "eggs": "egg omelette meringue macaron mayonnaise 蛋 馬卡龍 马卡龙",
    "gluten": "wheat bread pastry cookie biscuit pasta croissant 麵 面包 麵包 餅乾 饼干 可頌 可颂",
    "pork": "pork ham bacon prosciutto chorizo sausage 豬 猪 火腿 培根",
    "beef": "beef steak wagyu 牛肉 牛排 和牛",
    "meat": "meat lamb chicken duck foie 肉 雞 鸡 鴨 鸭 羊",
    "fish": "fish salmon tuna sushi sashimi caviar 魚 鱼 壽司 寿司 生魚片 生鱼片",
    "shellfish": "shellfish oyster lobster shrimp prawn crab 海鮮 海鲜 蝦 虾 蟹 牡蠣 牡蛎 生蠔 生蚝",
    "sugar": "sweet sweets candy chocolate dessert cake truffle sugar 糖 甜點 甜点 蛋糕 巧克力",
    "caffeine": "coffee espresso tea 咖啡 茶",
    "honey": "honey 蜂蜜",
    "flowers": "flower flowers bouquet lily lilies rose roses orchid blossom pollen 花 百合 玫瑰 花粉",
    "feathers": "feather feathers down 羽毛 羽絨 羽绒",
    "latex": "balloon balloons latex 氣球 气球 乳膠 乳胶",
    "scent": "perfume fragrance scent scented incense potpourri 香水 香氛 香薰 薰香 線香 线香",
    "fire": "candle candles firework fireworks sparkler 蠟燭 蜡烛 煙火 烟火 烟花",
    "animals": "dog cat puppy kitten horse 狗 貓 猫 馬匹 马匹",
    "noise": "band mariachi trumpet drum singing choir 樂隊 乐队 樂團 乐团 合唱 鑼 锣",
    "photo": "photo photograph picture slideshow video 照片 相片 影片 视频",
    "partner": "husband wife partner spouse fiance girlfriend boyfriend couple honeymoon romantic wedding anniversary"
    " 先生 太太 伴侶 伴侣 老公 老婆 丈夫 妻子 情侶 情侣 蜜月 浪漫 結婚 结婚 紀念日 纪念日",
    "birthday": "birthday 生日 壽辰 寿辰",
}
IMPLIED: dict[str, tuple[str, ...]] = {
    "peanuts": ("nuts",),
    "pork": ("meat",),
    "beef": ("meat",),
}
"""What a word means besides itself."""
MADE_OF: dict[str, tuple[str, ...]] = {
    "cake": ("eggs", "dairy", "gluten", "sugar"),
    "蛋糕": ("eggs", "dairy", "gluten", "sugar"),
    "chocolate": ("dairy", "sugar"),
    "巧克力": ("dairy", "sugar"),
    "croissant": ("dairy", "eggs"),
    "tiramisu": ("eggs", "dairy", "gluten", "alcohol", "caffeine", "sugar"),
    "提拉米蘇": ("eggs", "dairy", "gluten", "alcohol", "caffeine", "sugar"),
    "提拉米苏": ("eggs", "dairy", "gluten", "alcohol", "caffeine", "sugar"),
    "macaron": ("nuts", "sugar"),
    "marzipan": ("sugar",),
    "sushi": ("gluten",),
    "champagne breakfast": ("eggs",),
}
"""What is in it though nobody says so; enough of it to ask the kitchen."""
_FOODS = ("pork", "beef", "meat", "fish", "shellfish")
ABSTAIN: dict[str, tuple[str, tuple[str, ...]]] = {
    "sober": (
        (
            r"\b(alcoholics? anonymous|AA (meeting|speaker|member|sponsor)|alcoholic|sober|sobriety|teetotal\w*|in recovery"
            r"|(no|does ?n.t drink|not drink|avoids?) alcohol|recovering|does not drink)\b"
            r"|戒酒|不喝酒|不飲酒|不饮酒|滴酒不沾|匿名戒酒"
        ),
        ("alcohol",),
    ),
    "islam": (
        r"\b(muslim|islam\w*|halal|ramadan)\b|穆斯林|清真|回教|伊斯蘭|伊斯兰|齋月|斋月",
        ("alcohol", "pork"),
    ),
    "judaism": (r"\b(jewish|kosher|judaism)\b|猶太|犹太", ("pork", "shellfish")),
    "hinduism": (r"\b(hindu\w*)\b|印度教", ("beef",)),
    "buddhism": (r"\b(buddhist|buddhism)\b|佛教|信佛|吃齋|吃斋", (*_FOODS, "alcohol")),
    "latter-day saints": (r"\b(mormon|latter.day saints?)\b|摩門|摩门", ("alcohol", "caffeine")),
    "vegetarian": (r"\b(vegetarian|veggie)\b|吃素|素食|茹素", _FOODS),
    "vegan": (r"\bvegan\b|純素|纯素|全素", (*_FOODS, "dairy", "eggs", "honey")),
    "diabetes": (r"\bdiabet\w+|糖尿病", ("sugar",)),
    "pregnancy": (
        r"\bpregnan\w+|expecting a baby|懷孕|怀孕|孕婦|孕妇",
        ("alcohol", "fish", "shellfish", "caffeine"),
    ),
    "gluten": (r"\b(c(o|œ)?eliac|gluten)\b|麩質|麸质|麩皮|乳糜瀉", ("gluten",)),
    "lactose": (r"\b(lactose|dairy|milk protein)\b|乳糖|牛奶過敏|牛奶过敏", ("dairy",)),
    "asthma": (r"\basthma\w*|氣喘|气喘|哮喘", ("scent", "flowers", "fire")),
    "hay fever": (r"\b(hay ?fever|pollen)\b|花粉", ("flowers",)),
    "mourning": (
        r"\b(mourning|bereave\w+|widow\w*|funeral|grie(f|ving))\b|守喪|守丧|喪偶|丧偶|過世|过世|葬",
        ("noise", "fire"),
    ),
}
"""What somebody is or keeps, and what they then keep away from. The rule of a faith is not the practice of a person: so
these ask for a second pair of eyes, never for a conclusion about anybody."""


@cache
def _pattern(words: str) -> re.Pattern[str]:
    latin = [re.escape(word) for word in words.split() if word.isascii()]
    other = [re.escape(word) for word in words.split() if not word.isascii()]
    parts = ([rf"\b(?:{'|'.join(latin)})(?:e?s)?\b"] if latin else []) + other
    return re.compile("|".join(parts), re.IGNORECASE)


def contents(text: str) -> dict[str, str]:
    """What is in it, by the word that says so: "champagne and cake" has alcohol (champagne), eggs (cake) and more."""
    found: dict[str, str] = {}
    for name, words in WORDS.items():
        if (match := _pattern(words).search(text)) is not None:
            for each in (name, *IMPLIED.get(name, ())):
                found.setdefault(each, match.group())
    for whole, parts in MADE_OF.items():
        if (match := _pattern(whole).search(text)) is not None:
            for part in parts:
                found.setdefault(part, match.group())
    return found


def abstentions(text: str) -> dict[str, str]:
    """What somebody of whom this is said keeps away from, by why: "Muslim" gives alcohol and pork (islam)."""
    found: dict[str, str] = {}
    for why, (pattern, things) in ABSTAIN.items():
        if re.search(pattern, text, re.IGNORECASE):
            for thing in things:
                found.setdefault(thing, why)
    return found


# Words that a note and a gesture share without being about the same thing.
_COMMON = frozenset(
    [
        "with",
        "from",
        "here",
        "that",
        "this",
        "them",
        "they",
        "their",
        "have",
        "will",
        "would",
        "like",
        "likes",
        "love",
        "loves",
        "room",
        "table",
        "guest",
        "hotel",
        "house",
        "always",
        "never",
        "into",
        "when",
        "what",
        "very",
        "much",
        "more",
        "some",
        "morning",
        "evening",
        "night",
        "before",
        "after",
        "small",
        "large",
        "good",
        "well",
        "please",
        "special",
        "bottle",
        "glass",
        "prefers",
        "wants",
        "need",
        "needs",
        "allergic",
        "allergy",
        "during",
        "every",
        "about",
        "there",
        "time",
    ]
)
_COMMON_PAIRS = frozenset(
    [
        "房間",
        "房间",
        "喜歡",
        "喜欢",
        "不喜",
        "客人",
        "早上",
        "晚上",
        "每次",
        "一份",
        "一個",
        "一个",
        "一束",
        "一瓶",
        "準備",
        "准备",
        "今天",
        "明天",
        "希望",
        "需要",
        "送他",
        "送她",
    ]
)


def shared_word(one: str, other: str) -> str:
    """A telling word that stands in both texts; empty when there is none."""
    words = sorted(_telling(one) & _telling(other), key=lambda word: (-len(word), word))
    return words[0] if words else ""


def _telling(text: str) -> set[str]:
    latin = {word.removesuffix("s") for word in re.findall(r"[a-z]{4,}", text.casefold())}
    pairs = {
        run[start : start + 2]
        for run in re.findall(r"[\u4e00-\u9fff]{2,}", text)
        for start in range(len(run) - 1)
    }
    return (latin - {word.removesuffix("s") for word in _COMMON}) | (pairs - _COMMON_PAIRS)
