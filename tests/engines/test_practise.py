"""A customer who is played by rules: what calms them, what makes it worse, and the score."""

from __future__ import annotations

import re

import pytest

from rugui.engines.practise import MOST_TURNS, State, answer, begin, read, scenarios, score

GOOD = {
    "en": [
        "I am so sorry, Ms Willow. We let you down. Please tell me what happened.",
        "That must have been a miserable night. What would make it right for you?",
        "I am moving you to a warm room right now; the keys will be here in five minutes. I will let you know when it is ready.",
        "And I would like to offer you breakfast in your room, on us. I will call you tomorrow to ask how you slept.",
    ],
    "zh-hant": [
        "柳女士，真的很對不起，是我們沒有做好。請告訴我發生了什麼事。",
        "您一定很難受。怎麼做才能讓您今晚好好休息？",
        "我馬上幫您換一間暖的房間，五分鐘內把鑰匙拿給您，好了就告訴您進度。",
        "另外想招待您明天在房間用早餐。明天我再打電話問您睡得好不好。",
    ],
    "zh-hans": [
        "柳女士，真的很对不起，是我们没有做好。请告诉我发生了什么事。",
        "您一定很难受。怎么做才能让您今晚好好休息？",
        "我马上帮您换一间暖的房间，五分钟内把钥匙拿给您，好了就告诉您进度。",
        "另外想招待您明天在房间用早餐。明天我再打电话问您睡得好不好。",
    ],
}  # fmt: skip
BAD = {
    "en": ["Unfortunately we are very busy tonight.", "You should have called earlier. That is our policy.", "Please calm down. Do you have a receipt?"],
    "zh-hant": ["今天太忙了，人手不足。", "您應該早點說，這是我們的規定。", "請冷靜一點，您有收據嗎？"],
    "zh-hans": ["今天太忙了，人手不足。", "您应该早点说，这是我们的规定。", "请冷静一点，您有收据吗？"],
}  # fmt: skip


def played(language: str, replies: list[str], scenario: str = "cold-room") -> tuple[State, list[str]]:
    story = scenarios()[scenario]
    state, said = begin(story), []
    for reply in replies:
        if state.over:
            break
        state, line = answer(story, language, state, read(reply))
        said.append(line)
    return state, said


@pytest.mark.parametrize("language", GOOD)
def test_who_does_it_well_delights_them(language: str) -> None:
    state, said = played(language, GOOD[language])
    told = scenarios()["cold-room"].told[language]
    assert told.detail in said[0]  # whoever asks is told what happened
    assert told.wanted in said[1]
    assert state.over == "delighted"
    found = score(
        state,
        failure="The valve stuck." if language == "en" else "閥門卡住",
        lesson="Try it after each repair.",
    )
    assert found.points == 100


@pytest.mark.parametrize("language", BAD)
def test_who_makes_excuses_asks_for_proof_and_blames_drives_them_away(language: str) -> None:
    state, said = played(language, BAD[language])
    assert state.over == "left"
    assert score(state).points <= 20
    assert said[-1]


@pytest.mark.parametrize("language", GOOD)
def test_the_same_words_are_always_answered_the_same(language: str) -> None:
    assert played(language, GOOD[language]) == played(language, GOOD[language])


def test_an_apology_with_an_if_is_none() -> None:
    for text in ("I am sorry if you felt cold.", "如果造成您的不便，我們很抱歉。", "如有不便，敬请见谅。"):
        assert "sorry" not in read(text).found
        assert "if" in read(text).found
    assert read("We are sorry. If you like, I bring tea.").found >= {"sorry"}


def test_a_gift_before_it_is_put_right_is_refused() -> None:
    state, said = played("en", ["I am sorry. Here is a drink on the house."])
    assert "gift" not in state.done
    assert "I do not want a present" in said[0] or "Put it right first" in said[0]


def test_what_is_done_before_sorry_is_said_is_not_heard() -> None:
    state, said = played("en", ["I am sending somebody up in ten minutes."])
    assert "fix" not in state.done
    assert re.search("sorry|apologised", said[0])


def test_a_lesson_that_names_somebody_is_no_lesson() -> None:
    state, _said = played("en", GOOD["en"])
    found = score(state, failure="It is because of my colleague", lesson="He is careless")
    assert (found.steps["document"], found.steps["share"]) == (False, False)


def test_no_talk_goes_on_for_ever() -> None:
    state, said = played("en", ["I am sorry."] * 50)
    assert state.over == "left"
    assert len(said) <= MOST_TURNS


def test_there_are_twelve_for_three_trades_whole_in_three_languages() -> None:
    every = scenarios().values()
    assert len(every) == 12
    for trade in ("hotel", "restaurant", "shop"):
        of = [each for each in every if each.trade == trade]
        assert len(of) == 4
        assert {each.injustice for each in of} == {"outcome", "process", "treatment"}
    for each in every:
        assert set(each.told) == {"en", "zh-hant", "zh-hans"}
        assert all(all(vars_of(told)) for told in each.told.values())


def vars_of(told: object) -> list[str]:
    return [getattr(told, name) for name in ("title", "name", "opening", "detail", "wanted")]
