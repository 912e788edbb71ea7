"""Which encoding a file is in, from its first bytes. Right on short files, because it knows the words of headers."""

from __future__ import annotations

import re

from .base import Guess
from .words import HEADER_WORDS

ENCODINGS = ["utf-8", "utf-16-le", "utf-16-be", "big5hkscs", "gb18030", "cp1252"]

# Characters that names, addresses and short remarks are made of, in each script. A wrong encoding hits few of them.
_TRADITIONAL = set(
    "陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周徐蘇葉莊呂江何蕭羅高簡朱鍾施游詹沈彭胡余盧潘顏梁趙柯翁魏方孫戴范宋鄧杜侯"
    "曹薛傅丁馬董唐藍溫蔣石古紀姚歐程連馮姜鄒塗嚴涂俞雷龔賀顧毛郝邵萬錢尹黎常武喬賴段"
    "美麗玉淑惠雅婷怡君家豪志明俊傑建宏文雄淑芬秀英佳玲宗翰冠宇承恩品妤子涵詠晴宥廷柏欣靜宜慧珍華國強偉芳雪梅春花金水"
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得于著下自之年過發後作里用道行所然家種事"
    "成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公"
    "姓名電話手機郵件地址顧客客戶會員編號日期金額備註類別訂單房間早餐過敏喜歡生日入住退房預約請先生小姐女士台北臺灣香港路街號樓室市縣區"
    "咖啡茶水果花生海鮮牛羊豬雞蛋奶素食窗景安靜高低樓層羽毛枕頭毛巾加床兒童嬰停車機場接送謝謝問題服務態度很好不錯房務"
)
_SIMPLIFIED = set(
    "陈林黄张李王吴刘蔡杨许郑谢郭洪曾邱廖赖周徐苏叶庄吕江何萧罗高简朱钟施游詹沈彭胡余卢潘颜梁赵柯翁魏方孙戴范宋邓杜侯"
    "曹薛傅丁马董唐蓝温蒋石古纪姚欧程连冯姜邹涂严俞雷龚贺顾毛郝邵万钱尹黎常武乔段孟秦阎贾夏白崔康史龙任袁于"
    "美丽玉淑惠雅婷怡君家豪志明俊杰建宏文雄芬秀英佳玲宗翰冠宇承恩子涵晴欣静宜慧珍华国强伟芳雪梅春花金水军勇磊洋艳娜敏超"
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事"
    "成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公"
    "姓名电话手机邮件地址顾客客户会员编号日期金额备注类别订单房间早餐过敏喜欢生日入住退房预约请先生小姐女士北京上海广州深圳路街号楼室市县区省"
    "咖啡茶水果花生海鲜牛羊猪鸡蛋奶素食窗景安静高低楼层羽毛枕头毛巾加床儿童婴停车机场接送谢谢问题服务态度很好不错"
)
_COMMON = {"big5hkscs": _TRADITIONAL, "gb18030": _SIMPLIFIED | _TRADITIONAL}
_LATIN = set("áàâäãåæçéèêëíìîïñóòôöõøœúùûüýßÁÀÂÄÃÅÇÉÈÊËÍÎÑÓÔÖØÚÜß’‘“”–—€£°ª«»¿¡ÿ…")
_WORD = re.compile(r"[^\W\d_]+")
_HAN = re.compile(r"[\u3400-\u9fff]")


def detect_encoding(start: bytes, *, whole: bool = True) -> Guess[str]:
    """The encoding of a file that begins with `start` (`whole` when that is all of it)."""
    if start.startswith(b"\xef\xbb\xbf"):
        return Guess("utf-8", 1.0)
    if start.startswith(b"\xff\xfe"):
        return Guess("utf-16-le", 1.0)
    if start.startswith(b"\xfe\xff"):
        return Guess("utf-16-be", 1.0)
    if (wide := _without_mark(start)) is not None:
        return wide
    if start.isascii():
        return Guess("utf-8", 1.0)
    if _decoded(start, "utf-8", whole) is not None:
        return Guess("utf-8", 0.99)
    return _eight_bit(start, whole)


def _without_mark(start: bytes) -> Guess[str] | None:
    """UTF-16 without a byte order mark: its delimiters and digits leave NULs on one side of each pair."""
    pairs = max(1, len(start) // 2)
    even, odd = start[0::2].count(0) / pairs, start[1::2].count(0) / pairs
    if max(even, odd) < 0.2 or min(even, odd) > 0.05:
        return None
    return Guess("utf-16-le" if odd > even else "utf-16-be", 0.95)


def _decoded(start: bytes, encoding: str, whole: bool) -> str | None:
    """The text, forgiving a last character that the end of the sample cut in two."""
    for cut in range(1 if whole else 4):
        try:
            return start[: len(start) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _eight_bit(start: bytes, whole: bool) -> Guess[str]:
    scores = {name: _score(start, name, whole) for name in ("big5hkscs", "gb18030", "cp1252")}
    ranked = sorted(scores, key=lambda name: -scores[name])
    best, second = scores[ranked[0]], scores[ranked[1]]
    if best <= 0:
        # Broken somewhere: most likely UTF-8 with a few bad lines, which come back as rejected rows.
        lossy = start.decode("utf-8", "replace")
        bad = lossy.count("\ufffd") / max(1, sum(not letter.isascii() for letter in lossy))
        return Guess("utf-8", 0.6) if bad < 0.3 else Guess("cp1252", 0.3)
    return Guess(ranked[0], round(min(0.98, 0.5 + (best - second) / 2), 2))


def _score(start: bytes, encoding: str, whole: bool) -> float:
    """0 for impossible to about 1 for typical; a known header word is strong evidence."""
    text = _decoded(start, encoding, whole)
    if text is None:
        return 0.0
    foreign = [letter for letter in text if not letter.isascii()]
    if not foreign:
        return 0.0
    if encoding == "cp1252":
        # Western words have their accents between plain letters, hardly ever in pairs.
        good = sum(letter in _LATIN for letter in foreign)
        words = [word for word in _WORD.findall(text) if not word.isascii()]
        lone = sum(sum(not letter.isascii() for letter in word) <= max(1, len(word) // 3) for word in words)
        return 0.9 * good / len(foreign) * (lone / max(1, len(words)))
    common = sum(letter in _COMMON[encoding] for letter in foreign) / len(foreign)
    odd = sum(
        not _HAN.match(letter) and not "\u3000" <= letter <= "\u303f" and not "\uff01" <= letter <= "\uffef"
        for letter in foreign
    ) / len(foreign)
    known = any(word in HEADER_WORDS for word in _WORD.findall(text.split("\n", 1)[0]) if not word.isascii())
    return max(0.01, common - odd + 0.5 * known)
