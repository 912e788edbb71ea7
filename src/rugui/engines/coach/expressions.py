"""`{time}`, `{number}`, `{money}` in patterns: any such expression, in English and in folded (simplified) Chinese."""

from __future__ import annotations

_EN_NUMBER = (
    r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety"
    r"|half an|a couple of)"
)
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_EN_TIME = (
    rf"\b(?:(?:in|within|after|another|about|next|the|under)(?: (?:the|next|about|another))* )?{_EN_NUMBER}[ -](?:working |business )?"
    r"(?:minutes?|mins?|hours?|hrs?|days?|weeks?)\b"
    r"|\b(?:half|quarter|ten|five|twenty) (?:past|to) \w+|\b\d{1,2}(?:[:.]\d\d)? ?[ap]\.?m\b|\b\d{1,2}[:.]\d\d\b(?! ?(?:%|gb|mb))|\b\w+ o'clock\b"
    r"|\b(?:by|before|at|until|till|around) (?:\d{1,2}(?:[:.]\d\d)?(?: ?[ap]\.?m\b)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?! [a-z]+s\b)"
    r"|\b(?:noon|midday|midnight|today|tonight|tomorrow|this (?:morning|afternoon|evening|week|month)|end of (?:the )?(?:day|week|month|business)|close of business)\b"
    rf"|\b{_WEEKDAY}\b|\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b|\bthe \d{{1,2}}(?:st|nd|rd|th)\b|\b\d{{4}}-\d\d-\d\d\b"
)
_ZH_NUMBER = r"(?:\d{1,3}|[一二三四五六七八九两十百半几]{1,5})"
_ZH_TIME = (
    rf"{_ZH_NUMBER}[个]?(?:多)?(?:分钟|小时|钟头|刻钟|天内|日内|天之?内|天后|天以内|个?工作天|个?工作日|周内|星期内|周之?内)"
    rf"|(?:凌晨|清晨|早上|上午|中午|下午|午后|傍晚|晚上|今晚|明晚|明早)?{_ZH_NUMBER}[点时](?![评心名击])(?:半|[一三]刻|{_ZH_NUMBER}分?)?"
    r"|\d{1,2}:\d\d|今天|今日|今晚|今早|明天|明日|明早|明晚|后天|当天|当日|本周|这周|下周|周[一二三四五六日末]|星期[一二三四五六日天]|礼拜[一二三四五六日天]"
    r"|(?:\d{1,2}|[一二三四五六七八九十]{1,3})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号]|\d{1,2}[日号](?:前|之前|以前|上午|下午)|月底前?|下班前|打烊前|中午前?|傍晚前?|上午|下午"
)
_MONEY = (
    r"(?:[$€£¥₩]|nt\$|hk\$|us\$|usd|eur|gbp|twd|hkd|cny|rmb) ?\d[\d,]*(?:\.\d+)?|\d[\d,]*(?:\.\d+)? ?(?:usd|eur|gbp|twd|hkd|cny|rmb|dollars?|euros?|pounds?|yuan)\b"
    r"|\d[\d,]*(?:\.\d+)? ?(?:元|块|圆|港币|人民币|台币|新台币|美元|美金|欧元)"
)
MACROS = {
    "time": f"{_EN_TIME}|{_ZH_TIME}",
    "number": r"(?:\d[\d,]*(?:\.\d+)?|[一二三四五六七八九两十百千万]+)",
    "money": _MONEY,
}
"""By name; each stands in a pattern as `(?:…)`."""
