"""The house's words: all rules, one rule tried while it is typed, what is proposed, versions, and files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ..core.errors import NotFound
from ..core.phrases import language_tag
from ..core.time import now
from ..engines.coach import Rule
from ..engines.coach.marks import in_language
from ..engines.coach.rules import Kind
from ..house.requests import HouseRequest
from . import access, actions, checking, files, packs, queries, trying, words, writing
from .actions import Change
from .forms import ImportForm, RuleForm, initial
from .models import LexiconVersion
from .packs import VALE, Body, Known, Own
from .replies import latest

NEW = "new"


def explained_in() -> str:
    return language_tag(get_language())


@require_GET
def every(request: HouseRequest) -> HttpResponse:
    """All rules of one language by kind, with how often they speak."""
    request.actor.must_lead_somewhere()
    version, today = queries.current(), now().date()
    language = request.GET.get("language", "")
    if language not in ("en", "zh"):
        language = "en" if explained_in() == "en" else "zh"
    kind = request.GET.get("kind", "")
    counts = queries.tallies(today)
    chosen = [each for each in packs.known(queries.own(version)).values() if _in(each, language)]
    kinds = {each.shown.category for each in chosen if each.shown}
    groups = [
        {"label": label, "rows": [_row(each, counts) for each in chosen if each.shown and each.shown.category == name]}
        for name, label in words.CATEGORIES.items()
        if name in kinds and kind in ("", name)
    ]  # fmt: skip
    context = {
        "version": version, "groups": groups, "language": language, "kind": kind,
        "kinds": [(name, label) for name, label in words.CATEGORIES.items() if name in kinds],
        "proposals": queries.proposals(), "alarms": _alarms(chosen, counts), "days": queries.DAYS,
    }  # fmt: skip
    return render(request, "language/words.html", context)


def _in(known: Known, language: str) -> bool:
    return known.pack.startswith("zh") if language == "zh" else known.pack in ("en", VALE)


def _row(known: Known, counts: queries.Counts) -> dict[str, Any]:
    rule, said = known.shown, counts.get(known.key, {})
    assert rule is not None  # asked of those that have one
    return {
        "key": known.key, "title": title(rule), "why": in_language(rule.why or rule.message, explained_in()), "off": known.off,
        "own": known.own is not None, "mine": known.base is None, "grave": rule.severity == "error",
        "severity": words.BRIEF_SEVERITIES[rule.severity.value],
        "shown": said.get("shown", 0), "taken": said.get("taken", 0), "wrong": queries.wrong(said),
    }  # fmt: skip


def title(rule: Rule) -> str:
    """What a rule is best known by: a sentence that it marks, else its words; one that weighs the sense, by what it says of it."""
    if rule.kind is Kind.SENSE:
        return in_language(rule.message, explained_in())
    if rule.examples.match:
        return rule.examples.match[0]
    return rule.tokens[0].pattern.source if rule.tokens else rule.id.rpartition(".")[2]


def _alarms(known: Sequence[Known], counts: queries.Counts) -> list[dict[str, Any]]:
    """The rules that colleagues call false alarms, the most often first, with their reasons."""
    found = [
        {**_row(each, counts), "reasons": [(kind.label, counts[each.key].get(kind, 0)) for kind in queries.WRONG if counts[each.key].get(kind)]}
        for each in known
        if each.shown and queries.wrong(counts.get(each.key, {}))
    ]  # fmt: skip
    return sorted(found, key=lambda row: -row["wrong"])[:5]


@require_http_methods(["GET", "POST"])
def new(request: HouseRequest) -> HttpResponse:
    """A rule of the house's own, perhaps begun from a sentence."""
    request.actor.must_lead_somewhere()
    sentence = request.GET.get("from", "").replace("\x00", "")[:500]
    start = {"pack": "en" if explained_in() == "en" else "zh", "marks": sentence, "severity": "warning"}
    form = RuleForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        pack = form.cleaned_data["pack"]
        own = queries.own(queries.current())
        taken = [each["id"] for each in own.get(pack, ())] + list(packs.starter_bodies().get(pack, {}))
        name = writing.slug(form.named, taken)
        with form.refusals():
            return _save(request, [Change(pack, name, form.body(name))], form.cleaned_data["note"])
    context = {"form": form, "known": None, "may_decide": request.actor.leads(None)}
    return render(request, "language/rule.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def rule(request: HouseRequest, rule: str) -> HttpResponse:
    """One rule: changed, switched off, or brought back to how it came."""
    request.actor.must_lead_somewhere()
    own = queries.own(queries.current())
    pack, name, body, mine = _found(own, rule)
    form = RuleForm(request.POST or None, before=body, initial=initial(body, packs.digest(mine)))
    if request.method == "POST":
        if request.POST.get("do") == "drop" and mine is not None:
            return _save(request, [Change(pack, name, None, request.POST.get("seen", ""))], "")
        if form.is_valid():
            base = packs.starter_bodies().get(pack, {}).get(name)
            change = Change(pack, name, writing.differing(form.body(name), base), form.cleaned_data["seen"])
            with form.refusals():
                return _save(request, [change], form.cleaned_data["note"])
    shown = packs.known(own).get(rule)
    context = {
        "form": form, "known": shown, "rule_key": rule, "title": title(shown.shown) if shown and shown.shown else name,
        "own": mine is not None, "base": pack in packs.starter() and name in packs.starter_bodies()[pack],
        "pattern": bool(form.words_as_pattern), "right": _right(request, rule),
        "said": _said(queries.tallies(now().date(), [rule]).get(rule, {})), "days": queries.DAYS,
        "may_decide": request.actor.leads(None), "pack_label": words.PACKS.get(pack, "Vale"),
    }  # fmt: skip
    return render(request, "language/rule.html", context, status=422 if form.errors else 200)


def _right(request: HouseRequest, key: str) -> int | None:
    """Of ten marks of a rule, how many are right: as the starter packs say, and as colleagues have answered."""
    today, version = now().date(), queries.current()
    coach = checking.coach_of(request.actor.organization_id, version.number if version else 0, today)
    certain = coach.certain(key)
    return None if certain is None else round(certain * 10)


def _found(own: Own, key: str) -> tuple[str, str, Body, Body | None]:
    """(pack, name, the whole rule, what the house says about it) of a rule's key. Raises `NotFound`."""
    pack, _dot, name = key.partition(".")
    mine = packs.body_of(own, pack, name)
    body = packs.whole(own, pack, name)
    if body is None:
        raise NotFound
    return pack, name, body, mine


def _said(counts: dict[str, int]) -> list[tuple[Any, int]]:
    from .models import CoachTally

    return [(kind.label, counts[kind]) for kind in CoachTally.Kind if counts.get(kind)]


def _save(request: HouseRequest, changes: list[Change], note: str) -> HttpResponse:
    if request.POST.get("do") == "propose" or not request.actor.leads(None):
        made = actions.propose(request.actor, changes, note=note, now=now())
        messages.success(request, _("Proposed. It holds once somebody who leads every place puts it to use."))
        return redirect("words-proposal", made.id)
    version = actions.change_at_once(request.actor, changes, note=note, now=now())
    messages.success(request, _("It holds from now on, as version %(number)s.") % {"number": version.number})
    return redirect("words")


@require_POST
def preview(request: HouseRequest) -> HttpResponse:
    """What the rule as typed would mark: in the sample, and in the latest replies. Nothing is kept."""
    request.actor.must_lead_somewhere()
    key = request.POST.get("rule", "")
    own = queries.own(queries.current())
    pack, name, body = request.POST.get("pack", ""), NEW, None
    if key:
        pack, name, body, _mine = _found(own, key)
    if pack not in packs.PACKS:
        pack = "en"
    form = RuleForm(request.POST, before=body)
    form.full_clean()
    rules = trying.rules_of(pack, form.body(name))
    context: dict[str, Any] = {"rules": rules}
    if rules:
        coach, replies = trying.coach_of(rules), latest(request.actor)
        sample = request.POST.get("sample", "").replace("\x00", "").replace("\r\n", "\n")[:5000]
        context |= {
            "parts": trying.sample(coach, sample) if sample.strip() else None,
            "shadow": trying.shadow(coach, replies),
            "before": _before(pack, body, replies),
        }
    return render(request, "language/tried.html", context)


def _before(pack: str, body: Body | None, replies: Sequence[Any]) -> trying.Shadow | None:
    rules = trying.rules_of(pack, body) if body else []
    return trying.shadow(trying.coach_of(rules), replies) if rules else None


@require_GET
def proposal(request: HouseRequest, proposal_id: int) -> HttpResponse:
    """What is proposed, beside what holds, and what it would have marked."""
    found = access.proposal(request.actor, proposal_id)
    own = queries.own(queries.current())
    after = packs.changed(own, ((each["pack"], each["name"], each["body"]) for each in found.changes))
    rows, made, silent = [], list[Rule](), list[Rule]()
    for each in found.changes[:50]:
        old, fresh = (packs.whole(side, each["pack"], each["name"]) for side in (own, after))
        off = bool(fresh and fresh.get("disabled"))
        if fresh and off:  # its text as a whole: the change says no more than that it is off
            silent += trying.rules_of(each["pack"], fresh)
        elif each["body"]:
            made += trying.rules_of(each["pack"], each["body"])
        rows.append({
            "key": f"{each['pack']}.{each['name']}", "title": _called(each["pack"], fresh or old), "old": packs.written(packs.tidy(old)) if old else "",
            "new": packs.written(packs.tidy(fresh)) if fresh else "", "off": off,
            "stale": packs.digest(packs.body_of(own, each["pack"], each["name"])) != each["was"],
        })  # fmt: skip
    waits = found.state == found.State.PROPOSED
    replies = latest(request.actor) if waits and (made or silent) else []
    context = {
        "proposal": found, "rows": rows, "more": max(0, len(found.changes) - 50), "waits": waits,
        "shadow": trying.shadow(trying.coach_of(made), replies) if made and waits else None,
        "silenced": trying.shadow(trying.coach_of(silent), replies) if silent and waits else None,
        "may_decide": request.actor.leads(None), "mine": found.proposed_by_id == request.staff.id,
    }  # fmt: skip
    return render(request, "language/proposal.html", context)


def _called(pack: str, body: Body | None) -> str:
    """What a rule is known by, whether or not it holds; of one that is not in order its name."""
    rules = trying.rules_of(pack, body) if body else []
    return title(rules[0]) if rules else str((body or {}).get("id", ""))


@require_POST
def decide(request: HouseRequest, proposal_id: int) -> HttpResponse:
    """Put to use, or not."""
    found = access.proposal(request.actor, proposal_id)
    if request.POST.get("do") == "approve":
        version = actions.approve(request.actor, found, now=now())
        messages.success(
            request, _("It holds from now on, as version %(number)s.") % {"number": version.number}
        )
    else:
        actions.decline(request.actor, found, now=now())
        messages.success(request, _("It is not put to use."))
    return redirect("words")


@require_GET
def versions(request: HouseRequest) -> HttpResponse:
    """Every version there has been, the newest first."""
    request.actor.must_lead_somewhere()
    return render(request, "language/versions.html", {"versions": queries.versions()})


@require_GET
def version(request: HouseRequest, number: int) -> HttpResponse:
    """One version: what the house had of its own, and what going back to it would change."""
    found, standing = access.version(request.actor, number), queries.current()
    assert standing is not None  # there is at least the one that was found
    context = {
        "version": found, "current": found.number == standing.number, "same": found.rules == standing.rules,
        "rows": _differences(standing, found), "may_decide": request.actor.leads(None),
    }  # fmt: skip
    return render(request, "language/version.html", context)


def _differences(standing: LexiconVersion, other: LexiconVersion) -> list[dict[str, str]]:
    """What going from one version to another changes: the rule, and how."""
    rows = []
    keys = {
        (pack, str(body["id"]))
        for each in (standing, other)
        for pack, bodies in each.rules.items()
        for body in bodies
    }
    for pack, name in sorted(keys):
        before, after = (packs.body_of(each.rules, pack, name) for each in (standing, other))
        if before == after:
            continue
        how = (
            _("comes back")
            if before is None
            else _("goes away, or back to how it came")
            if after is None
            else _("changes")
        )
        whole = packs.whole(other.rules if after else standing.rules, pack, name)
        rows.append({"key": f"{pack}.{name}", "title": _called(pack, whole), "how": how})
    return rows


@require_POST
def restore(request: HouseRequest, number: int) -> HttpResponse:
    """Back to how the rules were."""
    made = actions.restore(request.actor, access.version(request.actor, number), now=now())
    messages.success(request, _("The rules are as in version %(old)s again. This is version %(number)s.")
                     % {"old": number, "number": made.number})  # fmt: skip
    return redirect("words-versions")


@require_GET
def export(request: HouseRequest, pack: str) -> HttpResponse:
    """The house's own rules of one pack as a file."""
    request.actor.must_lead_somewhere()
    standing = queries.current()
    own = queries.own(standing)
    if pack == VALE:
        return _download(files.out_of_vale(own), "vale.zip", "application/zip")
    if pack not in packs.PACKS:
        raise NotFound
    text = files.out(
        own, pack, house=request.staff.organization.name, version=standing.number if standing else 1
    )
    return _download(text.encode(), f"house-{pack}.yaml", "application/yaml; charset=utf-8")


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_http_methods(["GET", "POST"])
def bring(request: HouseRequest) -> HttpResponse:
    """Rules from files: what is in order goes through, the rest comes back with the reason."""
    request.actor.must_lead_somewhere()
    form = ImportForm(request.POST or None, request.FILES or None)
    own = queries.own(queries.current())
    context: dict[str, Any] = {
        "form": form, "packs": [(pack, words.PACKS[pack]) for pack in packs.PACKS if own.get(pack)],
        "vale": bool(own.get(VALE)), "may_decide": request.actor.leads(None),
    }  # fmt: skip
    if request.method == "POST" and form.is_valid():
        incoming = files.take(form.given, own, replace=form.cleaned_data["replace"])
        done = None
        if incoming.changes:
            with form.refusals():
                done = _save(request, incoming.changes, "")
                taken = len(incoming.changes)
                text = ngettext("%(count)s rule was taken.", "%(count)s rules were taken.", taken) % {
                    "count": taken
                }
                messages.success(request, text)
        if done is not None and not incoming.refusals:
            return done
        context["refusals"] = incoming.refusals
        return render(request, "language/import.html", context, status=422)
    return render(request, "language/import.html", context, status=422 if form.errors else 200)
