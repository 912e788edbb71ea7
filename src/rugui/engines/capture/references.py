"""Numbers of ours in a line: of a room, a table, an order, a booking; flights and trains."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .reading import Reference

_CODE = r"(?P<n>[a-z]{0,3}-?\d{1,10}[a-z]?(?:-\d+)?)"
_MEASURES = "am|pm|people|pax|guests|persons|nights|days|years|元|塊|块|人|位|天|晚|號|号|度|次|年|月|日|點|点|歲|岁|件|個|个|週|周|cm|kg|k\\b|th\\b|st\\b|nd\\b|rd\\b|degrees|ml|g\\b|usd|ntd|hkd|rmb|dollars|and"
_ALONE = rf"(?=\s*[a-z\u4e00-\u9fff]|\s*[,，+&/(]|\s*$)(?!\s*(?:{_MEASURES}))"
"""A number that counts nothing: "402 no feather", 住1208."""
_LAST_OF_ALL = r"^(?!.*(?:[預预]算|[價价元塊块萬万]|[約约]|人均|平|坪)).*[\u4e00-\u9fff]\s+(?P<n>(?!19\d\d|20\d\d)[1-9]\d{2,3})$"
"""洗澡水忽冷忽熱 1203: a room, where no money is spoken of."""
_LAST_IN_ENGLISH = r"^(?!.*(?:budget|points?|pay|paid|spen[dt]|cost|price|under|over|about|around|max|size|£|\$|€|\d{3}.*\d{3})).*[a-z] (?P<n>[1-9]\d{2})$"
"""moaned about the squeaky bed 512."""


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    pattern: re.Pattern[str]
    own: int | str = 0
    """The group that is taken by the reference; the rest of a line that a rule only looks at stays free for others."""


_RULES = tuple(
    _Rule(kind, re.compile(pattern), *own)
    for kind, pattern, *own in (
        ("order", r"^\s*#(?P<n>[3-9]\d{3}|\d{5,8})(?!\d)"),  # no house has so many floors
        (
            "flight",
            r"(?:flight|航班|班機|班机)\s*(?:no\.?|number|號|号)?\s*:?\s*#?(?P<n>[a-z]{1,3}\s?\d{1,5}|\d[a-z]\d{2,4})",
        ),
        (
            "flight",
            r"(?<![a-z\d])(?P<n>(?:ci|br|cx|jl|nh|sq|ba|lh|af|ua|mu|ca|cz|hu|jx|ke|oz|tg|ek|qr|it|mm|ib|kl|aa|dl|hx|uo|tr|tk|ey|vn|pr|ga|mh|ai|ac|nz|qf|3u|9c|zh|fm|sc)(?:\s?\d{2,4}|\d))(?![a-z\d])",
        ),
        (
            "flight",
            r"(?:train|高鐵|高铁|車次|车次|動車|动车|火車|火车|列車|列车|自強號?|自强号?|莒光號?|普悠瑪|太魯閣號?)\s*(?:no\.?|number)?\s*#?(?P<n>[gdckz]\d{1,4}|\d[a-z]\d{2}|\d{2,4})(?:次)?(?![\d:點点/])(?!\s*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))",
        ),
        (
            "booking",
            r"(?:訂房|订房|預約|预约|訂位|订位|預訂|预订|確認|确认)(?:編號|编号|號碼|号码|號|号|代碼|代码)\s*[:：#]?\s*(?P<n>[a-z]{0,4}-?\d[\w-]*)",
        ),
        (
            "booking",
            r"(?:訂房|订房|預約|预约|訂位|订位|訂枱|預訂|预订|預定|预定|團號|团号)單?单?(?P<n>[a-z]{1,4}-?\d{2,8}|\d{4,8})(?!\d|\s*[年月日號号點点:/元塊块人位-])",
        ),
        (
            "room",
            rf"(?<![a-z])(?:room|rm|suite|rm\.|villa)\s*(?:no\.?|number)?\s*#?\s*:?{_CODE}\b(?!\s*(?:degrees|people|nights))",
        ),
        (
            "room",
            rf"(?:房號|房号|房間號碼|房间号|房間|房间|房)\s*[:：#]?\s*{_CODE}(?![\d度天晚人個个月日號号/])",
        ),
        (
            "room",
            r"(?<![\d/])(?P<n>[a-z]?\d{3,4})\s*(?:號房|号房|房(?!價|价|型)|室(?!溫|温|內|内)|號客房|号客房|號套房|号套房)",
        ),
        (
            "room",
            rf"(?:^\s*#?|(?:住|入住)(?:在)?|在|都|隔壁|隔[籬篱]|同一?[間间]|\b(?:in|into|for|guests? in|out of) )(?P<n>(?!19\d\d|20\d\d)[1-9]\d{{2,3}}|(?<=住)0\d{{3}}){_ALONE}",
        ),
        ("room", rf"包(?:廂|厢|間|间|房)\s*[:：#]?\s*{_CODE}\s*(?:號|号)?(?![\d度天晚人個个月日位桌點点/])"),
        (
            "flight",
            r"(?:坐|搭|乘|接站|改签|改簽|[赶趕追]|[:：]\d\d的)\s*(?P<n>[gdckz]\d{1,4})(?:次)?(?![\d:點点])",
        ),
        ("flight", r"(?<![a-z\d])(?P<n>[gdckztl]\d{1,4})次"),
        (
            "room",
            r"(?:[換换][到去]|搬[到去]|\b(?:moved|changed|switched) (?:\w+ )?to )\s*(?P<n>[1-9]\d{2,3})(?=\s*[,，。；;]|\s*$)",
        ),
        ("room", _LAST_OF_ALL, "n"),
        ("order", r"#(?P<n>[a-z]{1,3}-?\d{2,8})(?!\w)"),
        ("table", r"(?<![\d/第])(?P<n>\d{1,3})\s*[號号][枱檯台]"),
        (
            "table",
            rf"(?<![a-z])(?:table|tbl)\s*(?:no\.?|number)?\s*#?\s*:?{_CODE}\b(?!\s*(?:people|pax|guests|persons))",
        ),
        ("table", r"(?<![a-z\d#单單])t\s?(?P<n>\d{1,3})(?![\w:]|\.\d)"),
        ("table", r"^\s*(?P<n>[一三四五六七八九十]{1,3})[號号]?桌(?!椅)"),
        ("table", rf"(?:桌號|桌号|桌)\s*[:：#]?\s*{_CODE}(?![\d度天晚人個个月日號号/])"),
        ("table", r"(?<![\d/])第?(?P<n>[a-z]?\d{1,3})\s*(?:號桌|号桌|桌(?!椅)|號檯|号台)"),
        ("order", rf"(?<![a-z])(?:order|ord|po)\s*(?:no\.?|number|ref|is|was)?\s*#?\s*:?{_CODE}\b"),
        (
            "order",
            rf"(?:訂單|订单|單號|单号|訂貨單|订货单)(?:編號|编号|號碼|号码|號|号)?\s*[:：#]?\s*{_CODE}",
        ),
        (
            "booking",
            r"\b(?:booking|reservation|bkg|bk|res|confirmation|conf)\s*(?:no\.?|number|ref|code)?\s*#?\s*:?(?P<n>[a-z]{0,4}-?\d[\w-]*)\b",
        ),
        ("order", r"(?<![a-z\d])(?P<n>[abefh-jm-suw-y]\d{4,6})(?![a-z\d])"),
        ("room", _LAST_IN_ENGLISH, "n"),
    )
)


@dataclass(frozen=True, slots=True)
class Found:
    reference: Reference
    start: int
    end: int


def references(text: str, line_at: tuple[int, ...], line: str) -> list[Found]:
    """What stands in folded `text`, the number as the line has it."""
    found: list[Found] = []
    for rule in _RULES:
        for match in rule.pattern.finditer(text):
            start, end = match.span(rule.own)
            if any(start < each.end and each.start < end for each in found):
                continue
            first, last = match.span("n")
            start += len(text[start:first]) - len(text[start:first].lstrip("# "))
            number = line[line_at[first] : line_at[last - 1] + 1].replace(" ", "")
            found.append(Found(Reference(rule.kind, number), start, end))
    return sorted(found, key=lambda each: each.start)
