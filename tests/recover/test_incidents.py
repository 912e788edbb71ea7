"""One cause that hits many: who is found, what each of them reads, what all of it costs, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from rugui.core.errors import ChangedMeanwhile, InputError, NotAllowed
from rugui.core.money import Money
from rugui.core.tenancy import within
from rugui.core.time import now
from rugui.know import actions as know
from rugui.know.models import Customer
from rugui.promise.models import Promise
from rugui.recover import actions as cases
from rugui.recover.incidents import actions, finding, queries, run, words
from rugui.recover.incidents.models import Found, Hit, Incident, IncidentTask
from rugui.recover.models import Case, CaseMessage, CaseStep
from rugui.recover.remedies import catalogue
from rugui.recover.remedies.models import Given
from rugui.serve import actions as serve
from rugui.serve.models import Visit

from .. import factories
from .help import acting, again, opened, text
from .help import queries as count_queries
from .test_ledger import trusting

pytestmark = pytest.mark.django_db
TEXTS = {
    "en": "Dear {name}, we are sorry. Again by {time}.",
    "zh-hant": "{name}，對不起，{time} 前再向您說明。",
}


def came(
    house: factories.House,
    name: str,
    *,
    about: str = "Room 12",
    hours: float = -2,
    state: str = "arrived",
    **fields: Any,
) -> Customer:
    """Somebody who has arrived at the first place so many hours ago, or is expected then."""
    customer = factories.customer(house, name, **fields)
    with within(house.id):
        at = now() + timedelta(hours=hours)
        arrived = None if state == "expected" else at
        Visit.objects.create(
            organization_id=house.id, place=house.place, customer=customer, about=about, state=state,
            expected_at=at, expected_until=at + timedelta(hours=20), arrived_at=arrived, created_at=at,
        )  # fmt: skip
    return customer


def plan(**fields: Any) -> actions.Plan:
    moment = now()
    values = {"titles": {"en": "Water off", "zh-hant": "停水"}, "began_at": moment - timedelta(hours=1),
              "until_at": moment + timedelta(hours=2), "who": ["here", "expected", "bought"]}  # fmt: skip
    return actions.Plan(**{**values, **fields})


def incident(house: factories.House, by: str = "bob", **fields: Any) -> Incident:
    with acting(house, by) as (actor, moment):
        return actions.open_incident(actor, house.place, plan(**fields), now=moment)


def order(house: factories.House, found: Incident, kind: str, by: str = "bob", **fields: Any) -> IncidentTask:
    """Decided, and carried out as far as it goes."""
    values: dict[str, Any] = {"texts": TEXTS}
    if kind in {"tell", "report"}:
        values["next_at"] = now() + timedelta(hours=1)
    if kind == "close":
        values = {"texts": {}, "findings": cases.Findings("product", "Water", lesson="Ask the works first.")}
    with acting(house, by) as (actor, moment):
        task = actions.begin(actor, found, kind, actions.Order(**{**values, **fields}), now=moment)
    run.carry_out(house.id, task.id)
    return again(house, task)  # type: ignore[no-any-return]


def said(house: factories.House, customer: Customer) -> list[tuple[str, str]]:
    with within(house.id):
        rows = CaseMessage.objects.filter(case__customer=customer, direction="out").order_by("id")
        return list(rows.values_list("kind", "text"))


def names(house: factories.House, found: Incident) -> list[str]:
    with within(house.id):
        return [hit.customer.name for hit in queries.people(found)]


def test_it_finds_who_was_here_is_expected_and_has_bought(lake_house: factories.House) -> None:
    came(lake_house, "Here")
    came(lake_house, "Coming", state="expected", hours=1)
    came(lake_house, "Next week", state="expected", hours=100)
    buyer = factories.customer(lake_house, "Buyer")
    with acting(lake_house, "carol") as (carol, moment):
        serve.record_purchase(
            carol, buyer, amount=Money(100, "EUR"), place=lake_house.place, now=moment, about="cake"
        )
    assert set(names(lake_house, incident(lake_house))) == {"Here", "Coming", "Buyer"}
    assert names(lake_house, incident(lake_house, who=["here"])) == ["Here"]
    assert names(lake_house, incident(lake_house, words="Cake, pie")) == ["Buyer"]


def test_who_left_before_it_began_was_not_hit(lake_house: factories.House) -> None:
    gone = came(lake_house, "Gone", hours=-9)
    with within(lake_house.id):
        Visit.objects.filter(customer=gone).update(state="left", left_at=now() - timedelta(hours=3))
    assert names(lake_house, incident(lake_house)) == []


def test_the_most_hurt_come_first_and_then_the_most_loyal(lake_house: factories.House) -> None:
    came(lake_house, "New")
    loyal, needy = came(lake_house, "Loyal"), came(lake_house, "Needy")
    came(lake_house, "Later", state="expected", hours=1)
    with acting(lake_house, "carol") as (carol, moment):
        for _each in range(3):
            serve.record_purchase(carol, loyal, amount=Money(100, "EUR"), place=lake_house.place,
                                  now=moment - timedelta(days=30))  # fmt: skip
        know.add_note(carol, needy, text="needs warm water for a baby", kind="need", now=moment)
    assert names(lake_house, incident(lake_house, who=["here", "expected"])) == [
        "Needy",
        "Loyal",
        "New",
        "Later",
    ]


def test_each_gets_a_case_and_an_apology_in_their_own_language_and_the_time_runs(
    lake_house: factories.House,
) -> None:
    chen, ann = came(lake_house, "陳小姐", language="zh-hant"), came(lake_house, "Ann", language="en")
    found = incident(lake_house)
    task = order(lake_house, found, "tell")
    assert (task.state, task.done, task.failed) == ("done", 2, 0)
    with within(lake_house.id):
        mine = {
            case.customer_id: case for case in Case.objects.filter(incident=found).select_related("owner")
        }
        clocks = Promise.objects.filter(kind="progress", settled_at=None)
        assert {clock.due_at for clock in clocks} == {task.next_at}
        assert set(CaseStep.objects.values_list("step", flat=True)) == {"apologise"}
    assert (mine[chen.id].title, mine[chen.id].language) == ("停水", "zh-hant")
    assert mine[ann.id].title == "Water off"
    assert mine[ann.id].owner == lake_house.people["bob"]
    at = words.told_time(task.next_at, lake_house.place.zone, "en")
    assert said(lake_house, ann) == [("apology", f"Dear Ann, we are sorry. Again by {at}.")]
    assert said(lake_house, chen)[0][1].startswith("陳小姐，對不起")


def test_a_language_that_nobody_wrote_is_asked_for(lake_house: factories.House) -> None:
    came(lake_house, "陈先生", language="zh-hans")
    found = incident(lake_house)
    with pytest.raises(InputError, match="简体中文"):
        order(lake_house, found, "tell")


def test_who_has_a_case_already_hears_it_there(lake_house: factories.House) -> None:
    ann = came(lake_house, "Ann")
    case = opened(lake_house, ann, title="No water")
    found = incident(lake_house)
    order(lake_house, found, "tell")
    with within(lake_house.id):
        assert Case.objects.count() == 1
        assert Hit.objects.get().case_id == case.id
    assert again(lake_house, case).incident_id == found.id


def test_told_again_only_those_are_told_who_are_new(lake_house: factories.House) -> None:
    ann, bea = came(lake_house, "Ann"), factories.customer(lake_house, "Bea")
    found = incident(lake_house)
    order(lake_house, found, "tell")
    with acting(lake_house, "carol") as (carol, moment):
        actions.add(carol, found, bea, now=moment)
    order(lake_house, found, "tell")
    assert [len(said(lake_house, each)) for each in (ann, bea)] == [1, 1]


def test_who_was_left_out_is_not_told(lake_house: factories.House) -> None:
    ann = came(lake_house, "Ann")
    came(lake_house, "Bea")
    found = incident(lake_house)
    with acting(lake_house, "carol") as (carol, moment):
        hit = Hit.objects.select_related("incident").get(customer=ann)
        actions.leave_out(carol, hit, now=moment)
        assert actions.search(carol, found, now=moment) == 2  # and searching again does not bring them back
    order(lake_house, found, "tell")
    assert said(lake_house, ann) == []


def test_nobody_tells_all_of_them_but_who_leads(lake_house: factories.House) -> None:
    came(lake_house, "Ann")
    found = incident(lake_house, by="carol")
    with pytest.raises(NotAllowed):
        order(lake_house, found, "tell", by="carol")


def test_one_thing_at_a_time_is_done_to_all(lake_house: factories.House) -> None:
    came(lake_house, "Ann")
    found = incident(lake_house)
    wanted = actions.Order(TEXTS, now() + timedelta(hours=1))
    with acting(lake_house, "bob") as (bob, moment):
        task = actions.begin(bob, found, "tell", wanted, now=moment)
        with pytest.raises(ChangedMeanwhile, match="right now"):
            actions.begin(bob, found, "tell", wanted, now=moment)
        actions.stop(bob, task, now=moment)
    assert run.carry_out(lake_house.id, task.id) is False
    assert again(lake_house, task).done == 0  # nobody was told while it was stopped
    with acting(lake_house, "bob") as (bob, moment):
        actions.go_on(bob, IncidentTask.objects.select_related("incident").get(id=task.id), now=moment)
    run.carry_out(lake_house.id, task.id)
    assert again(lake_house, task).done == 1


def test_a_report_reaches_all_and_their_clocks_run_anew(lake_house: factories.House) -> None:
    ann = came(lake_house, "Ann")
    found = incident(lake_house)
    order(lake_house, found, "tell")
    later = now() + timedelta(hours=5)
    order(lake_house, found, "report", next_at=later, texts={"en": "Half done, {name}."})
    assert said(lake_house, ann)[-1] == ("report", "Half done, Ann.")
    with within(lake_house.id):
        assert [clock.due_at for clock in Promise.objects.filter(kind="progress", settled_at=None)] == [later]


def remedy(house: factories.House, cost: int) -> Any:
    with acting(house, "alice") as (alice, moment):
        new = catalogue.NewRemedy(
            {"en": "A night"}, "extra", "credit", cost, cost * 2, place_id=house.place.id
        )
        return catalogue.add(alice, new, now=moment)


def test_what_all_of_it_costs_is_known_before_and_kept_within_the_limit(lake_house: factories.House) -> None:
    trusting(lake_house, staff=(10, 10), manager=(1000, 2500), owner=(None, None))
    for name in ("Ann", "Bea", "Cleo"):
        came(lake_house, name)
    found = incident(lake_house)
    order(lake_house, found, "tell")
    dear, fair = remedy(lake_house, 900), remedy(lake_house, 800)
    with acting(lake_house, "bob") as (bob, moment):
        cost = actions.cost_for_all(bob, found, dear, now=moment)
        assert (cost.total, cost.left, cost.reaches) == (2700, 2500, False)
        assert actions.cost_for_all(bob, found, fair, now=moment).reaches
    with pytest.raises(InputError, match=r"27\.00"):
        order(lake_house, found, "give", remedy=dear)
    task = order(lake_house, found, "give", remedy=fair)
    assert (task.done, task.failed) == (3, 0)
    with within(lake_house.id):
        assert Given.objects.filter(remedy=fair, name="A night").count() == 3
        assert not Promise.objects.filter(kind="story").exists()  # one decision, not three stories
    assert order(lake_house, found, "give", by="alice", remedy=fair).failed == 3  # nobody gets it twice


def test_they_are_closed_together_but_for_who_wrote_back(lake_house: factories.House) -> None:
    ann, bea = came(lake_house, "Ann"), came(lake_house, "Bea")
    found = incident(lake_house)
    order(lake_house, found, "tell")
    order(lake_house, found, "solve", texts={"en": "It runs again."})
    with acting(lake_house, "carol") as (_carol, moment):
        case = Case.objects.select_related("customer", "place").get(customer=bea)
        cases.customer_writes(house_customer(lake_house), case, text="Still cold!", now=moment)
    task = order(lake_house, found, "close")
    assert (task.done, task.failed) == (1, 1)
    with within(lake_house.id):
        closed = Case.objects.get(customer=ann)
        assert (closed.state, closed.failure, closed.lesson) == ("closed", "Water", "Ask the works first.")
        assert Promise.objects.filter(case=closed, kind="follow_up", settled_at=None).exists()
        hit = Hit.objects.get(customer=bea)
        assert hit.problem.startswith("They wrote back")
        assert queries.counts(found).failed == 1
    assert again(lake_house, found).state == "solved"  # open until Bea is answered


def house_customer(house: factories.House) -> Any:
    from rugui.recover.access import Guest

    return Guest(house.id, 0).actor


def test_who_writes_in_is_proposed_with_how_sure_and_joined_by_a_tap(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    for number in range(12):
        past = opened(
            lake_house, factories.customer(lake_house, f"Past {number}"), title="The room was noisy"
        )
        with within(lake_house.id):
            Case.objects.filter(id=past.id).update(opened_at=now() - timedelta(days=20))
    found = incident(lake_house, note="The main pipe burst; no water on any floor.")
    wet = wrote(lake_house, "No water", "There is no water in the shower since this morning.")
    other = wrote(lake_house, "Noise", "The neighbours were noisy all night.")
    with within(lake_house.id):
        new = queries.newcomers(found)
    assert [each.case.id for each in new] == [wet.id]
    assert new[0].sure.percent > 60
    assert "water" in new[0].sure.terms
    page = text(browse(lake_house, "carol").get(reverse("incident", args=[found.id])))
    assert f"{new[0].sure.percent} in 100 sure" in page
    assert (
        browse(lake_house, "carol").post(reverse("incident-join", args=[found.id, wet.id])).status_code == 302
    )
    assert again(lake_house, wet).incident_id == found.id
    assert again(lake_house, other).incident_id is None
    with within(lake_house.id):
        assert Hit.objects.get().found == [Found.WROTE]
        assert queries.newcomers(found) == []


def wrote(house: factories.House, title: str, complaint: str) -> Case:
    customer = factories.customer(house, title)
    with acting(house, "carol") as (carol, moment):
        return cases.open_case(carol, customer, house.place, title=title, complaint=complaint, now=moment)


def test_the_lists_show_one_line_for_all_of_them(
    lake_house: factories.House, browse: factories.Browse
) -> None:
    for number in range(5):
        came(lake_house, f"Guest {number}")
    order(lake_house, incident(lake_house), "tell")
    client = browse(lake_house, "carol")
    for name in ("cases", "promises"):
        page = text(client.get(reverse(name)))
        assert page.count("Water off") == 1
        assert "Guest 3" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_of_the_database_however_many_it_hit(
    lake_house: factories.House, browse: factories.Browse, count: int
) -> None:
    for number in range(count):
        came(lake_house, f"Guest {number}")
    found = incident(lake_house)
    assert count_queries(browse(lake_house, "carol"), reverse("incident", args=[found.id])) == 9


def test_the_whole_of_it_goes_by_page(lake_house: factories.House, browse: factories.Browse) -> None:
    ann = came(lake_house, "Ann")
    client, zone = browse(lake_house, "bob"), lake_house.place.zone
    local = f"{now().astimezone(zone):%Y-%m-%dT%H:%M}"
    later = f"{(now() + timedelta(hours=4)).astimezone(zone):%Y-%m-%dT%H:%M}"
    made = client.post(
        reverse("incident-new"),
        {"title_en": "Water off", "began_at": local, "until_at": later, "who": "here"},
    )
    assert made.status_code == 302
    with within(lake_house.id):
        found = Incident.objects.get()
    asked = reverse("incident-order", args=[found.id, "tell"])
    hour = f"{(now() + timedelta(hours=1)).astimezone(zone):%Y-%m-%dT%H}"
    assert f'value="{hour}:' in client.get(asked).content.decode()  # by the place's own clock
    assert "we are sorry" in text(client.get(asked))
    sent = {"text_en": "Dear {name}, sorry. By {time}.", "next_at": later}
    looked = text(client.post(asked, {**sent, "do": "look"}))
    assert "Dear Ann, sorry." in looked
    assert said(lake_house, ann) == []  # looking sends nothing
    assert client.post(asked, {**sent, "do": "go"}).status_code == 302
    with within(lake_house.id):
        task = IncidentTask.objects.get()
    assert client.get(reverse("incident-progress", args=[found.id])).status_code == 200
    run.carry_out(lake_house.id, task.id)
    assert said(lake_house, ann)[0][0] == "apology"
    assert client.get(reverse("incident-progress", args=[found.id]))["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"titles": {}}, "titles"),
        ({"until_at": factories.NOON - timedelta(days=9000)}, "until_at"),
        ({"who": []}, "who"),
        ({"who": ["everybody"]}, "who"),
        ({"words": "x" * 201}, "words"),
    ],
)
def test_what_cannot_be_is_refused_naming_the_field(
    lake_house: factories.House, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(InputError) as refused:
        incident(lake_house, **change)
    assert field in refused.value.fields


def test_a_statement_keeps_its_versions(lake_house: factories.House) -> None:
    found = incident(lake_house)
    with acting(lake_house, "bob") as (bob, moment):
        for said_so in ("We are looking for the leak.", "It was the valve. It is mended."):
            actions.state_publicly(bob, found, {"en": said_so}, now=moment)
        assert list(found.statements.order_by("version").values_list("version", flat=True)) == [1, 2]


def test_proposed_words_say_sorry_own_it_and_name_a_time_in_each_language(
    lake_house: factories.House,
) -> None:
    from rugui.recover import apology

    found = incident(lake_house)
    at: datetime = now() + timedelta(hours=1)
    for code, proposal in words.proposed(found, "tell").items():
        look = apology.look(words.filled(proposal, "Ann", at, lake_house.place.zone, code), now())
        assert (look.owns, look.effect, look.conditions) == (True, True, ()), code


def test_words_of_a_search_are_split_at_commas_of_any_kind() -> None:
    split: Callable[[str], list[str]] = finding.words_of
    assert split("Room 3，cake、 pie; ") == ["Room 3", "cake", "pie"]
