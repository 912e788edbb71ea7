"""Whether a short Chinese phrase begins and ends where words do: 的話 does in 是的話, not in 的話筒.

The likeliest division into words of the few characters around it, each word by its own frequency (a unigram model, solved
exactly by dynamic programming). The words and frequencies are derived from jieba's dictionary.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"
AROUND = 4
"""Characters looked at on each side: the longest word."""
_TOTAL = 51.6  # log2 twice over, as the classes of frequency are: of all words together
_OURS = {
    14: "话筒 麦克风 亲子 亲友 亲朋 亲手 亲密 双亲 探亲 相亲 客服 客诉 退款 折扣 优惠券 入住 退房 续住 加床 早餐券 房卡 订单 快递 包裹 物流 充电器 发票 亏欠 哈欠 欠缺 呵欠 欠身 亲属 亲临 亲笔 亲眼 亲身 亲吻 亲爱的 亲切 至亲 亲人 父亲 母亲 话费 话语 话剧 电话 通话 对话 说话 回话 会话 哥哥 大哥 帅哥 表哥 美女 小姐 姐姐 妹妹 弟弟",
    16: "您好 您们 亲自 亲切 亲爱 尊敬 但是 不过 可是 一下 一点 有点 稍后 稍等 尽快 立刻 马上 请问 谢谢 抱歉 对不起 不好意思 麻烦 没有 可以 不能 无法",
}
"""Words of serving that news hardly knows."""


@cache
def _costs() -> dict[str, float]:
    costs: dict[str, float] = {}
    for line in (_DATA / "words.txt").read_text("utf-8").splitlines():
        frequency, words = line.split("\t")
        costs.update(dict.fromkeys(words.split(" "), _TOTAL - int(frequency)))
    for likely, ours in _OURS.items():
        for word in ours.split():
            costs[word] = min(costs.get(word, _TOTAL), _TOTAL - likely)
    return costs


def is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def at_edges(folded: str, begins: int, ends: int) -> bool:
    """Whether words begin at `begins` and end at `ends` of `folded` text."""
    first, last = begins, ends
    while first > max(0, begins - AROUND) and is_han(folded[first - 1]):
        first -= 1
    while last < min(len(folded), ends + AROUND) and is_han(folded[last]):
        last += 1
    if first == begins and last == ends:
        return True
    edges = _edges(folded[first:last])
    return begins - first in edges and ends - first in edges


@lru_cache(maxsize=4096)
def _edges(characters: str) -> frozenset[int]:
    """Where words begin or end in a run of Chinese characters, likeliest division."""
    costs = _costs()
    best = [0.0]
    came = [0]
    for end in range(1, len(characters) + 1):
        least, whence = best[end - 1] + costs.get(characters[end - 1], _TOTAL), end - 1
        for begin in range(max(0, end - AROUND), end - 1):
            cost = costs.get(characters[begin:end])
            if cost is not None and best[begin] + cost < least:
                least, whence = best[begin] + cost, begin
        best.append(least)
        came.append(whence)
    edges = {len(characters)}
    at = len(characters)
    while at:
        at = came[at]
        edges.add(at)
    return frozenset(edges)
