"""Who of us, and who of the customer's people does things for them: names that no list can hold."""

from __future__ import annotations

import re

from .look import Look, level, new_draft
from .reading import FOR, NEITHER, Draft
from .who import person_in

_SEEKS = re.compile(
    r"指定|只[要讓让][^要讓让]{1,4}[剪做染燙烫按洗吹修弄]|(?:固定|每次都?|都|只|一直|老是|回回)[找給给]|[認认][準准定]|只[看約约].{1,3}(?:主任|[醫医][師师生]|大夫|老[師师])|(?:找|給|给).{1,4}(?:老師|老师|師傅|师傅|設計師|设计师|技師|技师)[剪做染燙烫按洗]?"
)


_SEES = re.compile(
    r"(?:[Pp]refers|[Ll]ikes|[Oo]nly sees|[Aa]lways sees|[Ss]ees) (?:Dr|Mr|Mrs|Ms|Miss|Prof)\b"
    r"|\b[Oo]nly [A-Z]\w+ (?:cuts|does|treats|colours|colors|may|can|trims|handles|serves)\b"
    r"|^(?:[Aa]lways|[Uu]sually|[Oo]nly|[Rr]egularly) (?:books |goes |sits )?with [A-Z]"
)


def one_of_us(look: Look) -> Draft | None:
    """每次都找小美, 指定Amy老師: somebody of ours, whom the lists cannot know."""
    said = look.line.text[look.start : look.end]
    if look.act in {"happened", "refuse", "dislike"} or not (_SEEKS.search(said) or _SEES.search(said)):
        return None
    if any(
        level(entry, "") > 0
        and entry.topic not in {"staff", "work", "hair", "name", "nails", "skin", "massage"}
        for _m, entry in look.things
    ):
        return None
    return new_draft(look, "preference", "staff", FOR, sure=0.75)


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
