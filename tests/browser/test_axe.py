"""Every page there is, as its owner sees it in the example house: nothing that axe minds, and it fits a phone.

The pages are those that the URL configuration names and that answer with a document; so a new page is looked at
from the day on which it is mounted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import BrowserContext, Page

from rugui.connect import actions as connect
from rugui.connect import calls
from rugui.connect.imports import files
from rugui.connect.models import ImportRun
from rugui.core import keys
from rugui.core.models import Key
from rugui.core.money import Money
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.example.build import build
from rugui.house import actions as house
from rugui.house.access import Actor, staff_actor
from rugui.house.models import Place, Staff
from rugui.know import actions as know
from rugui.know import merge as merging
from rugui.know import surprise
from rugui.know.models import Identity, Note
from rugui.language import actions as language
from rugui.language.ears import actions as ears
from rugui.own import actions as own
from rugui.promise import actions as promises
from rugui.promise import policies
from rugui.promise.terms import Terms
from rugui.recover import actions as recover
from rugui.recover.incidents import actions as incidents
from rugui.recover.incidents.models import IncidentTask
from rugui.recover.models import Case
from rugui.recover.practise import actions as practise
from rugui.recover.remedies import catalogue, giving
from rugui.recover.trust import leave, limits
from rugui.recover.worth import value as worth
from rugui.recover.worth.models import HeldCharge
from rugui.serve import actions as serve
from rugui.serve.models import Touch, Visit
from rugui.team.standards.models import Courtesy, Observation, Standard

from .axe import violations
from .conftest import Opener
from .site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = "correct horse battery"
NO_PAGES = {
    "arrivals", "incident-progress", "promises-file", "promises-kept-file", "capture", "case-document", "case-review", "find", "health", "import_progress", "live_ticket", "manifest", "offline-day", "service-worker",
    "metrics", "mfa_login_webauthn", "note-tools", "openapi-json", "rejected_rows", "today-parts", "customer-parts",
    "capture-people", "guest-ticket", "own-export", "own-export-pdf", "mfa_download_recovery_codes", "words-export", "standards-evenly-file",
}  # fmt: skip
"""Addresses that answer GET with something that no browser shows by itself."""
OUTSIDE = ["account_login", "invitation", "new_password", "guest-case", "own"]
"""Pages of people who are not signed in."""
GONE = {
    "welcome",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
}
"""Addresses of what the owner of the example house does not have; the page that says so is looked at."""
SMALL = """() => {
    const inline = e => getComputedStyle(e).display === "inline" && e.closest("p, li, dd, td, footer, .row-body, .quiet");
    const kinds = "a[href], button, summary, select, input, textarea, [role=option]";
    return [...document.querySelectorAll(kinds)]
        .filter(e => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !e.matches("[type=hidden], .skip") && !e.closest(".unseen"))
        .map(e => [e.matches("[type=checkbox], [type=radio]") ? e.closest("label, .field") ?? e : e, e])
        .map(([target, e]) => [target.getBoundingClientRect(), inline(e) ? 18 : 43.5, e])
        .filter(([box, least]) => box.width > 1 && box.height > 1 && (box.height < least || box.width < Math.min(least, 24)))
        .map(([box, , e]) => `${e.outerHTML.slice(0, 120)} ${Math.round(box.width)}x${Math.round(box.height)}`);
}"""


@dataclass
class Example:
    """The hotel of the examples, opened by its owner, with one of everything that an address may name."""

    site: Site
    owner: Staff
    actor: Actor
    values: dict[str, str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def example(open_site: Opener, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Example]:
    folder = tmp_path_factory.mktemp("files")
    with open_site("example", None) as site, override_settings(MEDIA_ROOT=folder):
        organization = build("hotel", "en", now=now())
        owner = house.take_over(house.NewPerson("Alice", "alice@lake.example", PASSWORD, "en"), now=now())
        with within(organization.id):
            found = staff_actor(owner.user_id)
            assert found is not None
            made = Example(site, owner, found[0])
            made.values = _one_of_everything(made, folder)
        yield made


def _one_of_everything(example: Example, folder: Path) -> dict[str, str]:
    actor, moment = example.actor, now()
    place, case = Place.objects.earliest("id"), Case.objects.filter(state="open").earliest("id")
    token = house.make_token(actor, label="Till", scopes=["messages:write"], now=moment)
    invited = house.invite(
        actor, email="fay@lake.example", name="Fay", role="staff", place_id=place.id, now=moment
    )
    twin, former = (
        know.add_customer(actor, name=case.customer.name, region=place.region, now=moment)
        for _each in range(2)
    )
    merged = merging.merge(actor, former, case.customer, reason="looked", now=moment)
    owed = promises.give(
        actor, case.customer, place, kind="solution", text="The boat", due_at=moment + timedelta(hours=2),
        owner_id=actor.staff_id, now=moment,
    )  # fmt: skip
    rows = {
        "customer": case.customer, "place": place, "case": case, "invitation": invited.invitation,
        "staff": Staff.objects.exclude(id=example.owner.id).earliest("id"), "note": Note.objects.earliest("id"),
        "identity": Identity.objects.earliest("id"), "touch": Touch.objects.filter(waiting=True).earliest("id"),
        "visit": Visit.objects.filter(state="expected").earliest("id"), "promise": owed,
        "other": twin, "merge": merged, "cardpair": merging.ask_later(actor, case.customer, twin, now=moment),
        "importrun": _tried_import(actor, place, folder), "key": Key.objects.filter(kind=Key.Kind.API).get(),
    }  # fmt: skip
    assert token
    rows["consent"] = know.record_consent(
        actor, case.customer, sensitive="health", wording="May we?", language="en", how="spoken", now=moment
    )
    plan = surprise.Plan("a bottle of wine and a cake", moment.date(), "public")
    rows["surprise"] = surprise.propose(actor, case.customer, place, plan, now=moment)
    secrets = {
        "invitation secret": invited.secret,
        "new_password secret": keys.issue(
            actor.organization_id, Key.Kind.PASSWORD, example.owner.id, now=moment
        ),
        "guest-case secret": recover.share_link(actor, case, now=moment),
        "own secret": own.share_link(actor, case.customer, now=moment),
    }
    rows["hearingcorrection"] = ears.correct(actor, rows["touch"], what="complaint", answer="no", now=moment)
    rows["housetopic"] = ears.add_topic(actor, name="Parking", words=["car park"], now=moment)
    rows["call"] = calls.hear(actor, place, calls.Told("c1", "missed", "020 7946 0999"), now=moment)
    rows |= _put_right(actor, case, moment) | _many_at_once(actor, case, moment)
    rows["standard"], rows["observation"] = (
        Standard.objects.earliest("id"),
        Observation.objects.earliest("id"),
    )
    rows["courtesy"] = Courtesy.objects.create(
        organization_id=actor.organization_id,
        place=place,
        visit=rows["visit"],
        moment="arrival",
        due_at=moment,
    )
    rows["practice"] = practise.begin(actor, scenario="cold-room", language="en", now=moment)
    return {kind: row.public_id for kind, row in rows.items()} | secrets


def _put_right(actor: Actor, case: Case, moment: datetime) -> dict[str, Any]:
    """A rule for promises, a remedy that was given, a question of leave, a held charge, a hand-over and an alarm."""
    limits.set_limits(actor, {role: limits.Limit(100_000, None) for role in limits.ROLES}, now=moment)
    limits.set_rule(actor, ask_minutes=10, ceiling=None, now=moment)
    worth.set_margin(actor, case.place_id, Decimal(30), now=moment)
    currency = "GBP"  # what the example keeps its books in
    new = catalogue.NewRemedy(
        {"en": "Breakfast in bed"}, "extra", "personal", 100, 300, place_id=case.place_id
    )
    remedy = catalogue.add(actor, new, now=moment)
    given = giving.give(actor, case, giving.of_remedy(remedy), now=moment)
    more = giving.Gift("extra", "A boat for the afternoon", Money(9_000_000, currency))
    serve.record_purchase(
        actor, case.customer, amount=Money(500, currency), place=case.place, about="The minibar", now=moment
    )
    colleague = Staff.objects.exclude(id=actor.staff_id).filter(assignments__place=case.place).earliest("id")
    rule = {
        "id": "marble", "category": "style", "why": "So.", "rather": ["Say this"], "tokens": ["the marble way"],
        "examples": {"match": ["It is the marble way."]},
    }  # fmt: skip
    language.change_at_once(actor, [language.Change("en", "marble", rule)], now=moment)
    return {
        "lexiconproposal": language.propose(actor, [language.Change("en", "you-failed", {"id": "you-failed", "disabled": True})], now=moment),
        "promisepolicy": policies.decide(actor, policies.Scope("ready_by", case.place_id), Terms(30), now=moment),
        "remedy": remedy, "given": given, "leave": leave.ask(actor, case, more, now=moment),
        "heldcharge": HeldCharge.objects.filter(case=case).earliest("id"),
        "handover": recover.hand_over(actor, case, to=colleague, note="They like the lake", now=moment),
        "casealarm": recover.raise_alarm(actor, case, kind="media", now=moment),
    }  # fmt: skip


def _many_at_once(actor: Actor, case: Case, moment: datetime) -> dict[str, Any]:
    """One cause that hit many, somebody whom it hit, and what was done to all of them."""
    plan = incidents.Plan(
        {"en": "No water"}, moment - timedelta(hours=2), moment + timedelta(hours=1), note="A pump"
    )
    found = incidents.open_incident(actor, case.place, plan, now=moment)
    task = IncidentTask.objects.create(
        organization_id=actor.organization_id, incident=found, kind="report", state="done", by_id=actor.staff_id,
        texts={"en": "It runs again at six."}, of=1, done=1, asked_at=moment, beat_at=moment, ended_at=moment,
    )  # fmt: skip
    return {
        "incident": found,
        "hit": incidents.add(actor, found, case.customer, now=moment),
        "incidenttask": task,
    }


def _tried_import(actor: Actor, place: Place, folder: Path) -> ImportRun:
    path = folder / "guests.csv"
    path.write_text("id,name,phone\n1,Ito Haruka,020 7946 0777\n2,,12\n")
    file_hash, size = files.measure(path)
    return connect.prepare_import(
        actor, subject="customers", path=path, file_name="guests.csv", file_hash=file_hash, size=size, place=place, now=now()
    )  # fmt: skip


def _addresses(values: dict[str, str]) -> dict[str, str]:
    """Every address of the URL configuration but the API's, by name, with the example's things in it."""
    found: dict[str, str] = {}

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> None:
        for each in patterns:
            if isinstance(each, URLResolver):
                walk(each.url_patterns, before + str(each.pattern))
            elif each.name:
                found[each.name] = "/" + before + str(each.pattern)

    walk([each for each in get_resolver().url_patterns if not str(each.pattern).startswith("api/")], "")
    return {name: _filled(name, pattern, values) for name, pattern in found.items()}


def _filled(name: str, pattern: str, values: dict[str, str]) -> str:
    pattern = pattern.replace("<customer:other_id>", values["other"])
    for kind, value in values.items():
        while (begin := pattern.find(f"<{kind}:")) >= 0:
            pattern = pattern[:begin] + value + pattern[pattern.index(">", begin) + 1 :]
    for blank, value in (
        ("<str:secret>", values.get(f"{name} secret", "gone")),
        ("<str:day>", "2031-05-01"),
        ("<str:kind>", "tell" if name == "incident-order" else "note"),
        ("<int:pk>", "1"),
        ("<str:rule>", "en.you-failed"),
        ("<str:pack>", "en"),
        ("<int:number>", "1"),
    ):
        pattern = pattern.replace(blank, value)
    assert "<" not in pattern, pattern
    return pattern


@pytest.fixture(scope="module")
def answers(example: Example) -> dict[str, tuple[str, int, bool]]:
    """What each address answers its owner: where it is, the status, whether a browser shows it."""
    client = Client()
    client.force_login(example.owner.user)
    session = client.session
    session["organization"] = example.actor.organization_id
    session.save()
    found: dict[str, tuple[str, int, bool]] = {}
    for name, address in _addresses(example.values).items():
        response = client.get(address)
        html = not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
        found[name] = (
            address,
            response.status_code,
            response.status_code == 302 or (html and b"<html" in response.content),
        )
    return found


def test_every_address_with_a_document_is_looked_at(answers: dict[str, tuple[str, int, bool]]) -> None:
    """What answers GET is a page, or known not to be one; nothing is broken and nothing left out."""
    strange = {
        name: status
        for name, (_address, status, shown) in answers.items()
        if name not in NO_PAGES
        and status != 405
        and (not shown or (status not in {200, 302} and name not in GONE))
    }
    assert strange == {}


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (1280, "dark")])
def test_every_page_is_accessible_and_fits(
    example: Example,
    answers: dict[str, tuple[str, int, bool]],
    visitor: Callable[..., BrowserContext],
    width: int,
    theme: str,
) -> None:
    page = visitor(width=width, theme=theme, has_touch=width < 600).new_page()
    pages = {
        name: address
        for name, (address, status, _shown) in answers.items()
        if name not in NO_PAGES and status != 405
    }
    wrong: list[str] = []
    for name in OUTSIDE:
        wrong += _problems(page, example.site, name, pages.pop(name), width)
    _sign_in(page, example.site)
    for name, address in pages.items():
        if name != "account_logout":
            wrong += _problems(page, example.site, name, address, width)
    assert wrong == [], "\n".join(wrong)
    assert len(pages) >= 50


def test_on_a_phone_nothing_is_squeezed(example: Example, visitor: Callable[..., BrowserContext]) -> None:
    """What is owed first has the line for its words; the table of how the house sounds needs no scrolling sideways."""
    page = visitor(width=360, has_touch=True).new_page()
    _sign_in(page, example.site)
    shares = page.locator("main .spread.is-wrapping > .grow").evaluate_all(
        "all => all.map(each => each.clientWidth / each.parentElement.clientWidth)"
    )
    assert len(shares) == 1
    assert shares[0] > 0.9
    page.goto(f"{example.site.url}/house/voice")
    frames = page.locator(".table-frame").evaluate_all(
        "all => all.map(each => each.scrollWidth - each.clientWidth)"
    )
    assert frames
    assert set(frames) == {0}


def _sign_in(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/accounts/login/")
    page.get_by_label("E-mail").fill("alice@lake.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(site.url + "/")


def _problems(page: Page, site: Site, name: str, address: str, width: int) -> list[str]:
    response = page.goto(site.url + address)
    assert response is not None
    found = [] if response.status < 500 else [f"answers {response.status}"]
    for fold in page.locator("main details > summary").all():
        fold.click()
    found += violations(page)
    headings, title, language = page.evaluate(
        "[document.querySelectorAll('h1').length, document.title.trim(), document.documentElement.lang]"
    )
    if headings != 1:
        found.append(f"{headings} first headings")
    if not title or not language:
        found.append("no title or no language")
    if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0:
        found.append("scrolls sideways")
    if width < 600:
        found += [f"small to tap: {each}" for each in page.evaluate(SMALL)]
    return [f"{name}: {problem}" for problem in found]
