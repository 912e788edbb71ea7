"""Kinds, severities and occasions of rules in words, and what was wrong with a rule in the reader's language."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ..core.errors import Text
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
_DOES_NOT = re.compile(r"it does not mark (?P<text>.*)", re.DOTALL)
_MARKS = re.compile(r"it marks (?P<said>'.*?'|\".*?\") in (?P<text>.*)", re.DOTALL)
_NEVER = re.compile(r"the token (?P<text>.*) can never match", re.DOTALL)
_NO_ANCHOR = re.compile(r"the pattern (?P<text>.*) has no fixed words to be found by", re.DOTALL)
_UNREADABLE = re.compile(r"the pattern (?P<text>.*?) cannot be read: .*", re.DOTALL)


def said(problem: Problem) -> str:
    """What was wrong and what would be right. What is rarely wrong with a rule typed in the form is told as the engine tells it."""
    what = problem.what
    if found := _DOES_NOT.fullmatch(what):
        return _("It does not mark this sentence: %(text)s. Check the words, or the exceptions.") % {
            "text": found["text"].strip("'\"")
        }
    if found := _MARKS.fullmatch(what):
        return _("It marks %(said)s in %(text)s. Add an exception, or narrow the words.") % {
            "said": found["said"].strip("'\""),
            "text": found["text"].strip("'\""),
        }
    if found := _NEVER.fullmatch(what):
        return _("%(text)s can never be found: an exception covers it, or it begins inside a word.") % {
            "text": found["text"].strip("'\"")
        }
    if found := _NO_ANCHOR.fullmatch(what):
        return _("%(text)s has no fixed words. Name at least two letters or one Chinese character.") % {
            "text": found["text"].strip("'\"")
        }
    if found := _UNREADABLE.fullmatch(what):
        return _("The pattern %(text)s cannot be read. For plain words, untick “These are patterns”.") % {
            "text": found["text"].strip("'\"")
        }
    if what == "it is missing":
        return _("It is missing: %(key)s.") % {"key": problem.key}
    return f"{problem.key}: {what} ({problem.right})" if problem.key else f"{what} ({problem.right})"
