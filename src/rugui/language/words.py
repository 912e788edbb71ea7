"""Kinds, severities and occasions of rules in words, and what was wrong with a rule in the reader's language."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..core.errors import Text
from ..core.phrases import listed
from ..engines.coach import Problem

CATEGORIES: dict[str, Text] = {
    "blame": gettext_lazy("Blame"),
    "ban": gettext_lazy("Bans"),
    "negation": gettext_lazy("Refusals"),
    "debt": gettext_lazy("Debt"),
    "money": gettext_lazy("Money and prices"),
    "insult": gettext_lazy("Insulting questions"),
    "excuse": gettext_lazy("Excuses"),
    "false-apology": gettext_lazy("Apologies that are none"),
    "time": gettext_lazy("Times that are none"),
    "robotic": gettext_lazy("Office language"),
    "familiar": gettext_lazy("Too familiar"),
    "condescension": gettext_lazy("Condescension"),
    "jargon": gettext_lazy("Jargon"),
    "pressure": gettext_lazy("Pressure"),
    "scarcity": gettext_lazy("False scarcity"),
    "intimacy": gettext_lazy("Played closeness"),
    "pointing": gettext_lazy("Sending away"),
    "opening": gettext_lazy("Openings"),
    "hold": gettext_lazy("Putting on hold"),
    "transfer": gettext_lazy("Passing on"),
    "closing": gettext_lazy("Closings"),
    "missing": gettext_lazy("Something missing"),
    "address": gettext_lazy("How we address people"),
    "style": gettext_lazy("Style"),
}
SEVERITIES: dict[str, Text] = {
    "suggestion": pgettext_lazy("weight of a rule", "a suggestion"),
    "warning": pgettext_lazy("weight of a rule", "look again"),
    "error": pgettext_lazy("weight of a rule", "grave: shown once more before it is sent"),
}
BRIEF_SEVERITIES: dict[str, Text] = {
    "suggestion": pgettext_lazy("weight of a rule, brief", "suggestion"),
    "warning": pgettext_lazy("weight of a rule, brief", "look again"),
    "error": pgettext_lazy("weight of a rule, brief", "grave"),
}
_SURE: tuple[tuple[float, Text], ...] = (
    (0.9, pgettext_lazy("a mark is right", "almost certainly")),
    (0.75, pgettext_lazy("a mark is right", "probably")),
    (0.0, pgettext_lazy("a mark is right", "perhaps")),
)
OCCASIONS: dict[str, Text] = {
    "complaint": gettext_lazy("a complaint"),
    "apology": gettext_lazy("an apology"),
    "refusal": gettext_lazy("a refusal"),
    "money": gettext_lazy("money"),
    "delay": gettext_lazy("a delay"),
    "question": gettext_lazy("a question"),
    "booking": gettext_lazy("a booking"),
    "greeting": gettext_lazy("a greeting"),
    "farewell": gettext_lazy("a farewell"),
    "hold": gettext_lazy("putting on hold"),
    "transfer": gettext_lazy("passing on"),
    "thanks": gettext_lazy("thanks"),
    "praise": gettext_lazy("praise"),
    "grief": gettext_lazy("grief"),
}
PACKS: dict[str, Text] = {
    "en": gettext_lazy("English"),
    "zh": gettext_lazy("Chinese, both scripts"),
    "zh-hant": gettext_lazy("Only 繁體中文"),
    "zh-hans": gettext_lazy("Only 简体中文"),
}
FIELDS = {
    "tokens": "words", "swap": "words", "rather": "instead", "why": "why", "severity": "severity", "category": "category",
    "occasions": "occasions", "exceptions": "exceptions", "examples": "marks", "id": "name",
}  # fmt: skip
"""Which field of the form a key of a rule is."""
_QUOTED = r"(?P<text>'.*?'|\".*?\"|\S+)"
_SAID: tuple[tuple[str, Text], ...] = (
    (r"it does not mark (?P<text>.*)", gettext_lazy("It does not mark this sentence: %(text)s. Check the words, or the exceptions.")),
    (r"it marks (?P<said>'.*?'|\".*?\") in (?P<text>.*)", gettext_lazy("It marks %(said)s in %(text)s. Add an exception, or narrow the words.")),
    (r"the token (?P<text>.*) can never match", gettext_lazy("%(text)s can never be found: an exception covers it, or it begins inside a word.")),
    (r"the pattern (?P<text>.*) has no fixed words to be found by", gettext_lazy("%(text)s has no fixed words. Name at least two letters or one Chinese character.")),
    (r"the pattern (?P<text>.*?) cannot be read: .*", gettext_lazy("The pattern %(text)s cannot be read. For plain words, untick “These are patterns”.")),
    (r"the pattern (?P<text>.*?) matches nothing at all", gettext_lazy("The pattern %(text)s may stand for nothing at all. Name at least one word.")),
    (r"(?P<text>\{.*\}|\\p\{.*\} in .*) is not known", gettext_lazy("%(text)s is not known in a pattern; %(right)s.")),
    (rf"{_QUOTED} is no language of this pack", gettext_lazy("%(text)s is no language of these rules; only %(right)s.")),
    (r"nothing is said for (?P<text>.*)", gettext_lazy("%(key)s: nothing is written for %(text)s. Write it for both scripts, or once for both.")),
    (r"(?P<text>.*) is 简体, and 繁體 cannot be made from it", gettext_lazy("%(key)s: %(text)s is written in 简体. Write it in 繁體, from which 简体 is made, or in both.")),
    (rf"{_QUOTED} is not known", gettext_lazy("%(key)s: %(text)s cannot stand there. It may be: %(right)s.")),
    (r"there is no rule of this id to change", gettext_lazy("There is no rule of this name to change (%(key)s).")),
    (rf"{_QUOTED} is (?:neither true nor false|no whole number|no share|no text|not understood|no mapping)", gettext_lazy("%(key)s: %(text)s cannot stand there.")),
    (r"within (?P<text>.*) is not understood", gettext_lazy("%(key)s: %(text)s cannot stand there.")),
    (r"this (?:is no text|is a list|is no list|is no mapping)|it has no tokens|it has a value of a kind that no rule has there", gettext_lazy("%(key)s: what stands there is of the wrong kind.")),
    (r"this key is not known", gettext_lazy("A rule has nothing called %(key)s.")),
    (r"there is no example that the rule marks", gettext_lazy("Give a sentence that it must mark: it is the rule's test.")),
    (r"neither max nor min is given|nothing asks for what must be present|a rule of kind (?P<text>.*) needs it", gettext_lazy("It is missing: %(key)s.")),
    (r"it is missing", gettext_lazy("It is missing: %(key)s.")),
    (r"it has a NUL character", gettext_lazy("It holds a character that cannot be kept (NUL). Leave it out.")),
    (r"(?P<text>.*) is not there to be taken away", gettext_lazy("%(key)s: %(text)s is not there, and so cannot be taken away.")),
)  # fmt: skip
"""What the engine says is wrong, and how it is said to people."""


def sure(certainty: float) -> str:
    """How often such a mark is right, in a word."""
    return next(str(said) for least, said in _SURE if certainty >= least)


def said(problem: Problem) -> str:
    """What was wrong and what would be right, in the reader's language; what nobody meets in a page as the engine tells it."""
    for pattern, words in _SAID:
        if found := re.fullmatch(pattern, problem.what, re.DOTALL):
            parts = {name: (text or "").strip().strip("'\"") for name, text in found.groupdict().items()}
            return str(words) % {"key": problem.key or _("the rule"), "right": _right(problem.right), **parts}
    return (
        f"{problem.key}: {problem.what} ({problem.right})"
        if problem.key
        else f"{problem.what} ({problem.right})"
    )


def _right(said: str) -> str:
    """A list of what may stand there, without the words around it."""
    bare = re.sub(r"^one of |^perhaps ", "", said).replace(" or ", ", ")
    return listed(bare.split(", "))
