"""Packs: what loads, and why what is refused is refused."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest

from rugui.engines.coach import Coach, PackError, Rule, Source, load
from rugui.engines.coach.patterns import PatternError, pattern

DOCS = Path(__file__).parents[2] / "docs" / "engines" / "coach.md"
HEADER = """
id: house
name: House
language: en
version: "1"
owner: us
source: written here
rules:
"""
RULE = """
  - id: you-failed
    category: blame
    why: It accuses.
    rather: [One more step and we are there.]
    tokens: [you (?:failed|forgot) to]
    examples: {match: [You failed to call.], pass: [You called.]}
"""


def documented() -> list[Source]:
    examples = re.findall(r"```yaml\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    return [Source(f"example {number}", text) for number, text in enumerate(examples, 1)]


def rules(*texts: str) -> dict[str, Rule]:
    return {
        rule.id: rule
        for pack in load([Source(f"{i}.yaml", text) for i, text in enumerate(texts)])
        for rule in pack.rules
    }


def refused(text: str) -> list[tuple[str, str, str]]:
    with pytest.raises(PackError) as error:
        load([Source("house.yaml", text)])
    return [(each.rule, each.key, f"{each.what} / {each.right}") for each in error.value.problems]


def test_the_documented_packs_load() -> None:
    first, chinese, own = documented()
    assert [len(pack.rules) for pack in load([first, chinese])] == [3, 2]
    (pack,) = load([own], known=[first])
    assert [rule.id for rule in pack.rules] == [
        "lake-house/own.you-failed",
        "lake-house/own.apology-says-by-when",
    ]
    assert [token.pattern.source for token in pack.rules[0].tokens][-1] == "you omitted"
    assert pack.rules[0].severity == "warning"


def test_words_given_once_in_traditional_serve_both_scripts() -> None:
    chinese = rules(documented()[1].text)
    assert chinese["zh-example.you-did-not-say"].rather["zh-Hans"] == ("这点我没问清楚，我们现在补上。",)
    assert chinese["zh-example.soon"].tokens[-1].language == "zh-Hans"


@pytest.mark.parametrize(
    ("change", "key", "said"),
    [
        (("tokens:", "token:"), "tokens", "needs it"),
        (("category: blame", "category: blam"), "category", "perhaps blame"),
        (("why:", "wy:"), "wy", "perhaps why"),
        (("[you (?:failed|forgot) to]", "['you (failed']"), "tokens", "close every bracket"),
        (("[you (?:failed|forgot) to]", "['\\w+ \\d+']"), "tokens", "no fixed words"),
        (("[you (?:failed|forgot) to]", "['a*']"), "tokens", "matches nothing at all"),
        (("[you (?:failed|forgot) to]", "['at {tim}']"), "tokens", "{time}"),
        (("match: [You failed to call.]", "match: []"), "examples", "no example"),
        (
            ("rather: [One more step and we are there.]", "severity: hard"),
            "severity",
            "suggestion, warning, error",
        ),
        (("id: you-failed", "id: You failed"), "rules", "is no id"),
        (("why: It accuses.", "why: x\n    within: 3"), "within", "not known"),
        (("why: It accuses.", "why: x\n    unless: {tokens: [but], within: far}"), "unless", "2 sentences"),
        (("why: It accuses.", "why: x\n    occasions: [complaints]"), "occasions", "perhaps complaint"),
    ],
)
def test_what_is_wrong_is_told_with_what_would_be_right(change: tuple[str, str], key: str, said: str) -> None:
    found = refused(HEADER + RULE.replace(*change))
    assert [each for each in found if each[1] == key and said in each[2]], found


def test_every_problem_is_told_at_once_and_where() -> None:
    found = refused(HEADER + RULE.replace("blame", "blam") + RULE.replace("why", "wy"))
    assert {each[1] for each in found} == {"category", "wy", "why", "rules"}
    assert {each[0] for each in found} == {"you-failed", ""}


@pytest.mark.parametrize("text", ["", "- a", "rules: 3", "a: [", "id: x\nrules: [3]"])
def test_what_is_no_pack_is_refused(text: str) -> None:
    assert refused(text)


def test_simplified_words_cannot_stand_for_traditional_ones() -> None:
    text = documented()[1].text.replace("聽起來像是客人的錯", "听起来像是客人的错")
    assert [each for each in refused(text) if "简体" in each[2]]


def test_a_house_pack_changes_rules_key_by_key() -> None:
    own = HEADER.replace("id: house", "id: own\nextends: [house]")
    changed = rules(
        HEADER + RULE,
        own + "  - id: you-failed\n    tokens+: [you omitted]\n    tokens-: ['you (?:failed|forgot) to']\n"
        "    examples: {match: [You omitted it.]}\n",
    )
    assert [token.pattern.source for token in changed["own.you-failed"].tokens] == ["you omitted"]
    with pytest.raises(PackError, match="not there to be taken away"):
        rules(HEADER + RULE, own + "  - id: you-failed\n    tokens-: [never]\n")
    with pytest.raises(PackError, match="perhaps you-failed"):
        rules(HEADER + RULE, own + "  - id: you-faild\n    tokens+: [never]\n")
    with pytest.raises(PackError, match="no pack 'huse'"):
        rules(HEADER + RULE, own.replace("[house]", "[huse]") + RULE)
    with pytest.raises(PackError, match="extends itself"):
        rules(HEADER.replace("id: house", "id: house\nextends: [own]") + RULE, own + RULE)


def test_rule_files_of_vales_load_as_they_are() -> None:
    existence = dedent("""
        extends: existence
        message: "Avoid '%s'."
        level: error
        ignorecase: true
        tokens:
          - simply
          - of course
          - 'obviously,?'
    """)
    swap = dedent(r"""
        extends: substitution
        message: "Use '%s' instead of '%s'."
        action: {name: replace}
        swap:
          utili[sz]e: use
          '(?:in order )to': to|so that
    """)
    (pack,) = load(
        [Source("styles/Plain/Words.yml", existence, "Plain"), Source("styles/Plain/Swap.yml", swap, "Plain")]
    )
    assert [rule.id for rule in pack.rules] == ["Plain.Words", "Plain.Swap"]
    assert pack.rules[0].severity == "error"
    assert pack.rules[1].tokens[1].swap == ("to", "so that")


@pytest.mark.parametrize(
    ("source", "phrases", "whole"),
    [
        ("you (?:failed|forgot) to", ("you failed to", "you forgot to"), True),
        ("colou?r", ("colour", "color"), True),
        ("sorry.{0,20}but", ("sorry",), False),
        (r"\w+ (?:late|slow) \w+", (" late ", " slow "), False),
        ("您沒有?說", ("您没有说", "您没说"), True),
        ("插電了嗎？", ("插电了吗?",), True),
        ("Don’t", ("don't",), True),
        (r"\bhun\b", ("hun",), True),
        (r"\w+ly", ("ly",), False),
        (r"\w+ \d+", (), False),
        (
            "(?:as|so) (?:soon|fast) as [a-z]+",
            ("as soon as ", "as fast as ", "so soon as ", "so fast as "),
            False,
        ),
    ],
)
def test_a_pattern_comes_down_to_its_words(source: str, phrases: tuple[str, ...], whole: bool) -> None:
    made = pattern(source)
    assert (made.phrases, made.whole) == (phrases, whole)
    assert made.witness is not None
    assert made.compiled().search(made.witness.lower())


def test_a_pattern_that_is_none_says_so() -> None:
    with pytest.raises(PatternError, match="cannot be read"):
        pattern("a(b")


SPARED = HEADER.replace(
    "rules:",
    """
spares:
  - {tokens: [for you], side: after}
  - {tokens: [lake], categories: [money]}
rules:
""",
)


def test_what_a_pack_spares_holds_for_its_rules() -> None:
    (pack,) = load([Source("house.yaml", SPARED + RULE)])
    coach = Coach([pack])
    assert len(coach.read("You failed to call.")) == 1
    assert len(coach.read("You failed to see the lake.")) == 1
    assert coach.read("You failed to call, so I have called for you.") == ()


def test_a_rule_may_be_without_the_spares_and_a_house_of_its_own_is() -> None:
    without = SPARED + RULE.replace("category:", "spares: false\n    category:")
    assert len(Coach(load([Source("house.yaml", without)])).read("You failed to call for you.")) == 1
    base = Source("base.yaml", SPARED.replace("id: house", "id: base") + RULE)
    own = (
        RULE.replace("you-failed", "own")
        .replace("(?:failed|forgot)", "neglected")
        .replace("failed", "neglected")
    )
    on_top = Source("own.yaml", HEADER.replace("rules:", "extends: [base]\nrules:") + own)
    coach = Coach(load([on_top], known=[base]))
    assert coach.read("You failed to call for you.") == ()
    assert [mark.rule for mark in coach.read("You neglected to call for you.")] == ["house.own"]


def test_spares_that_cannot_be_read_are_told() -> None:
    assert refused(HEADER.replace("rules:", "spares: [lake]\nrules:") + RULE)[0][1] == "spares"
    wrong = HEADER.replace("rules:", "spares: [{tokens: [lake], categories: [blam]}]\nrules:") + RULE
    assert refused(wrong) == [("", "categories", "'blam' is not known / perhaps blame")]
