"""Who of us, and who of the customer's people does things for them: names that no list can hold."""

from __future__ import annotations

import re

from .look import Look, level, new_draft
from .reading import AGAINST, FOR, NEITHER, Draft
from .who import person_in

_SEEKS = re.compile(
    r"指定|(?:[要看找約约等給给]|想[看找約约])(?:[A-Za-z]+|\w)\s?(?:[醫医][師师生]|大夫|老[師师]|[師师]傅|[設设][計计][師师]|技[師师]|主任)|[給给找][A-Z][a-z]+[剪做染燙烫按洗弄]$|只[要讓让][^要讓让]{1,4}[剪做染燙烫按洗吹修弄]|(?:固定|每次都?|都|只|一直|老是|回回)[找給给]|[認认][準准定]|只[看約约].{1,3}(?:主任|[醫医][師师生]|大夫|老[師师])|(?:找|給|给).{1,4}(?:老師|老师|師傅|师傅|設計師|设计师|技師|技师)[剪做染燙烫按洗]?"
)


_SEES = re.compile(
    r"(?:[Pp]refers|[Ll]ikes|[Oo]nly sees|[Aa]lways sees|[Ss]ees) (?:Dr|Mr|Mrs|Ms|Miss|Prof)\b"
    r"|\b[Oo]nly [A-Z]\w+ (?:cuts|does|treats|colours|colors|may|can|trims|handles|serves)\b"
    r"|\b(?:[Aa]sks for|[Rr]equests|[Bb]ooks with|[Oo]nly wants|[Ss]ticks with) [A-Z][a-z]+$"
    r"|^(?:[Aa]lways|[Uu]sually|[Oo]nly|[Rr]egularly) (?:books |goes |sits )?with [A-Z]"
)


def one_of_us(look: Look) -> Draft | None:
    """每次都找小美, 指定Amy老師: somebody of ours, whom the lists cannot know."""
    said = look.line.text[look.start : look.end]
    if look.act in {"happened", "refuse", "dislike", "want", "want_not"} or not (
        _SEEKS.search(said) or _SEES.search(said)
    ):
        return None
    if any(
        level(entry, "") > 0
        and entry.topic not in {"staff", "work", "hair", "name", "nails", "skin", "massage"}
        for _m, entry in look.things
    ):
        return None
    return new_draft(look, "preference", "staff", FOR, sure=0.75)


_TELLS = re.compile(
    r"(?:不要|不能|不想|不得|不可|別|别|勿)(?:跟|和|讓|让|告訴|告诉|給|给|對|对).{0,6}(?:[說说講讲]|知道|透露|提起|聽到|听到|發現|发现|看到)"
    r"|(?:不要|別|别|勿)(?:告[訴诉]|透露)"
    r"|\b(?:don't|dont|do not|never|doesn't want|does not want|nobody|no one|not)\b.{0,20}\b(?:tell|to know|knows?|find out|to see|told)\b",
    re.IGNORECASE,
)


def kept_quiet(look: Look) -> Draft | None:
    """不要跟家屬說, "doesn't want anyone to know he's here"."""
    if not _TELLS.search(look.line.text[look.start : look.end]):
        return None
    return new_draft(look, "wish" if look.act == "want_not" else "preference", "privacy", AGAINST, sure=0.75)


_HANDLES = re.compile(
    r"[負负][責责]|[訂订]|安排|[處处]理|[對对]接|handles?|books|deals|arranges|looks after", re.IGNORECASE
)


def deputy(look: Look) -> Draft | None:
    """Whoever does it for the customer: 秘書林小姐負責訂票."""
    relation = next(look.piece.with_role("relation"), None)
    if relation is None or relation[1].value != "colleague" or look.act not in {"", "is", "named", "have"}:
        return None
    person = person_in(look.line, look.piece, lead=look.lead, act=look.act)
    if person is None or not person.value.name or not _HANDLES.search(look.line.text[person.end : look.end]):
        return None
    return new_draft(look, "person", relation[1].topic, NEITHER, at=relation[0])


def by_name(look: Look) -> Draft | None:
    """ "prefers Marco for colour": one of us, whom the lists cannot know."""
    if look.act != "like" or look.lead is None or look.lead.last >= look.piece.last:
        return None
    unit = look.line.row[look.lead.last]
    following = look.line.row[look.lead.last + 1].text if look.lead.last + 1 < look.piece.last else "for"
    named = not any(match.first == look.lead.last for match in look.piece.matches)
    if unit.cjk or not unit.capital or not named or following not in {"for", "to", "at", "over", "with"}:
        return None
    return new_draft(look, "preference", "staff", FOR, sure=0.6)
