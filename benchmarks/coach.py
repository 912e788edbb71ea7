"""What the coach costs beside textlint and proselint, and how often it is right on drafts written without looking at its rules."""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy  # noqa: F401, ICN001  # as in the program's own processes, where it is always loaded
import yaml

from rugui.engines.coach import Coach, Context, Pack, Rule, Session, Source, load, starters
from rugui.engines.coach.kept import load_kept
from rugui.engines.coach.patterns import pattern
from rugui.engines.coach.rules import Kind, Severity, Token
from rugui.engines.coach.sense import sense

from . import common
from .coach_peers import Peer, Unreachable, proselint, textlint

LABELLED = Path(__file__).parent / "labelled" / "coach"
LANGUAGES = ("en", "zh-Hant", "zh-Hans")
SAME = {
    "ban": "negation", "insult": "troubleshooting", "excuse": "organisation", "false-apology": "apology", "familiar": "familiarity",
    "intimacy": "familiarity", "scarcity": "pressure",
}  # fmt: skip
"""The rules' categories as the labels name them."""
OCCASIONS = {"counter": "in_person"}
_EN = """we you your our the a room order table guest stay bill parcel breakfast late never always must cannot should sorry wait call write
refund policy system manager ticket answer quick slow fault blame reason form please kindly simply clearly again still already""".split()
_ZH = "您我們的是不要可以沒有房間訂單餐桌客人住宿帳單包裹早餐晚了從來總是必須應該抱歉等候電話回覆退款規定系統經理單號答案快慢錯怪原因表格請麻煩其實明明再還已經"


def phrases(language: str, count: int) -> list[str]:
    """Patterns as regular expressions; every tenth has a gap behind an anchor. Always the same ones."""
    chance, made = random.Random(language), dict[str, None]()
    while len(made) < count:
        if language == "en":
            words = chance.sample(_EN, chance.choice((2, 3, 3, 4)))
            made[" ".join(words) if len(made) % 10 else f"{words[0]} {words[1]} [a-z]+ed"] = None
        else:
            characters = "".join(chance.sample(_ZH, chance.choice((3, 4, 5))))
            made[characters if len(made) % 10 else f"{characters[:3]}.{{0,4}}[了嗎]"] = None
    return list(made)


def pack(language: str, count: int) -> Pack:
    """So many rules, made without a file: of 10,000 reading alone takes longer than all that is measured."""
    languages = ("en",) if language == "en" else ("zh-Hant", "zh-Hans")
    rules = [
        Rule(
            id=f"bench.r{number}", kind=Kind.EXISTENCE, category="blame", severity=Severity.SUGGESTION, message={},
            why={languages[0]: "因為。"}, rather={languages[0]: ("更好",)}, tokens=(Token(pattern(token)),), languages=languages,
        )
        for number, token in enumerate(phrases(language, count))
    ]  # fmt: skip
    return Pack("bench", {languages[0]: "多"}, languages, "1", "x", "x", tuple(rules))


def file_of(language: str, count: int) -> str:
    """The same rules as a pack's file."""
    languages = ["en"] if language == "en" else ["zh-Hant", "zh-Hans"]
    header = {"id": "bench", "name": "多", "language": languages, "version": "1", "owner": "x", "source": "x"}
    rules = [
        {"id": f"r{number}", "category": "blame", "why": "因為。", "rather": ["更好"], "tokens": [token], "examples": {"match": ["x"]}}
        for number, token in enumerate(phrases(language, count))
    ]  # fmt: skip
    return yaml.dump({**header, "rules": rules}, Dumper=yaml.CSafeDumper, allow_unicode=True)


def texts(language: str, count: int = 20) -> list[str]:
    """Ordinary replies of 500 characters each, with a phrase of the rules every hundred characters or so."""
    drafts = [
        json.loads(line)["text"]
        for line in (LABELLED / f"drafts-{language}.jsonl").read_text("utf-8").splitlines()
    ]
    chance, known = (
        random.Random(7),
        [each for each in phrases(language if language == "en" else "zh", 1000) if "[" not in each],
    )
    space = " " if language == "en" else ""
    result = []
    for _ in range(count):
        text, phrased = "", 0
        while len(text) < 500:
            text += chance.choice(drafts) + space
            if len(text) >= phrased:
                text += chance.choice(known) + (". " if space else "。")
                phrased = len(text) + 100
        result.append(text[:500])
    return result


def warm_ms(read: Callable[[str], Any], given: Sequence[str], times: int) -> float:
    before = time.process_time()
    for number in range(times):
        read(given[number % len(given)])
    return (time.process_time() - before) * 1000 / times


def speed(*, quick: bool) -> dict[str, Any]:
    """Medians of interleaved rounds, processor time per text of 500 characters, in ms.

    `least` is the same of the rounds in which other programs disturbed each of them least.
    """
    rounds, figures = (3 if quick else 9), dict[str, Any]()
    for language in ("en", "zh-Hant"):
        source = "en" if language == "en" else "zh"
        given = texts(language)
        small, large = Coach([pack(source, 1000)]), Coach([pack(source, 10000)])
        for coach in (small, large):
            warm_ms(coach.read, given, 40)
        marks = sum(len(small.read(text)) for text in given) / len(given)
        peers, skipped = _peers(language, given, phrases(source, 1000))
        samples: dict[str, list[float]] = {}
        for _ in range(rounds):
            samples.setdefault("coach_1000", []).append(warm_ms(small.read, given, 200))
            samples.setdefault("coach_10000", []).append(warm_ms(large.read, given, 200))
            samples.setdefault("keystroke", []).append(keystroke_ms(small, given))
            for name, peer in peers.items():
                samples.setdefault(name, []).append(peer.ms(10 if quick else 20))
        found = {name: peer.found for name, peer in peers.items()}
        for peer in peers.values():
            peer.stop()
        middle = {name: round(median(values), 4) for name, values in samples.items()}
        times = {
            f"times_{name}": round(median(values) / median(samples["coach_1000"]), 1)
            for name, values in samples.items()
        }
        least = {name: round(min(values), 4) for name, values in samples.items()}
        least |= {
            f"times_{name}": round(min(values) / min(samples["coach_1000"]), 1)
            for name, values in samples.items()
        }
        figures[language] = {
            **middle,
            **times,
            "least": least,
            "marks_per_text": marks,
            "found_by_peers": found,
            **skipped,
        }
    return figures


def _peers(
    language: str, given: Sequence[str], patterns: Sequence[str]
) -> tuple[dict[str, Peer], dict[str, str]]:
    peers, skipped = dict[str, Peer](), dict[str, str]()
    wanted: dict[str, Callable[[], Peer]] = {
        "textlint": lambda: textlint(
            given, [f"/{each}/i" if language == "en" else f"/{each}/" for each in patterns], language
        )
    }
    if language == "en":
        wanted["proselint"] = lambda: proselint(given)
    for name, make in wanted.items():
        try:
            peers[name] = make()
            peers[name].ms(5)
        except (Unreachable, json.JSONDecodeError, OSError) as error:
            print(f"Skipped {name}: {error}", file=sys.stderr)
            skipped[f"skipped_{name}"] = str(error)
            peers.pop(name, None)
    return peers, skipped


def keystroke_ms(coach: Coach, given: Sequence[str]) -> float:
    """A letter typed at the middle of each of five texts of 500 characters, twenty letters one after another."""
    used = 0.0
    for text in given[:5]:
        session, middle = Session(coach), len(text) // 2
        session.read(text)
        for number in range(1, 21):
            typed = text[:middle] + "abcdefghijklmnopqrstu"[:number] + text[middle:]
            before = time.process_time()
            session.read(typed)
            used += time.process_time() - before
    return used * 1000 / 100


_COLD = """
import sys, time
from pathlib import Path
from rugui.engines.coach.kept import load_kept
from rugui.engines.coach import Coach, Source
source = Source("x", Path(sys.argv[1]).read_text("utf-8"))
marks = Coach(load_kept([source], [], Path(sys.argv[2]))).read(Path(sys.argv[3]).read_text("utf-8"))
print(time.process_time() * 1000, len(marks))
"""


def cold_ms(*, quick: bool) -> dict[str, float]:
    """Processor time of a whole new process, Python's own start included, that reads 1,000 kept rules and a text."""
    result = {}
    for language in ("en", "zh-Hant"):
        with tempfile.TemporaryDirectory() as folder:
            rules, text, keep = (Path(folder) / name for name in ("rules.yaml", "a.txt", "kept"))
            rules.write_text(file_of("en" if language == "en" else "zh", 1000), "utf-8")
            text.write_text(texts(language, 1)[0], "utf-8")
            # The invented rules have no true examples; what is kept is the same as of rules that have.
            load_kept([Source("x", rules.read_text("utf-8"))], [], keep, prove=False)
            command = [sys.executable, "-c", _COLD, str(rules), str(keep), str(text)]
            environment = {
                name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
            }
            times = []
            for _ in range(4 if quick else 12):
                answer = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
                times.append(float(answer.stdout.split()[0]))
            times = times[1:]  # the first one may still compile Python's files
            result[language] = round(median(times), 1)
    return result


def second_ms(*, quick: bool) -> dict[str, dict[str, float]]:
    """Processor time of the shipped packs for drafts of about 500 letters: rules alone, and with the second reading, first and again."""
    packs = load(starters(), prove=False)
    bare = Coach(
        [pack._replace(rules=tuple(r for r in pack.rules if r.kind is not Kind.SENSE)) for pack in packs]
    )
    both, result = Coach(packs), {}
    for language in LANGUAGES:
        lines = (LABELLED / f"drafts-{language}.jsonl").read_text("utf-8").splitlines()
        whole = " ".join(json.loads(line)["text"] for line in lines)
        drafts = [
            whole[at : at + 500] for at in range(0, min(len(whole), 5_000 if quick else 20_000) - 500, 500)
        ]
        known = sense(language[:2])
        for coach in (bare, both):  # expressions are made when they are first needed
            for draft in drafts:
                coach.read(draft)
        if known:
            known.felt.cache_clear()  # type: ignore[attr-defined]
        times: dict[str, list[float]] = {"rules": [], "first": [], "again": []}
        for draft in drafts:
            for name, coach in (("rules", bare), ("first", both), ("again", both)):
                begun = time.process_time()
                coach.read(draft)
                times[name].append((time.process_time() - begun) * 1e3)
        result[language] = {name: round(median(each), 3) for name, each in times.items()}
    return result


def quality(coach: Coach, language: str, begin: str = "") -> dict[str, Any]:
    """Marks that overlap a labelled one are right; labelled ones that a mark overlaps are found. What is missing is apart.

    `begin` is how the files of a set begin: nothing for the first drafts, ``blind2-`` … ``blind9-`` for the others.
    """
    drafts = [
        json.loads(line)
        for line in (LABELLED / f"{begin}drafts-{language}.jsonl").read_text("utf-8").splitlines()
    ]
    right = wrong = found = lost = same = missing_right = missing_wrong = 0
    by_category: dict[str, Counter[str]] = {}
    for draft in drafts:
        channel = OCCASIONS.get(draft["channel"], draft["channel"])
        occasions = frozenset({draft["occasion"]}) if draft["occasion"] else frozenset()
        marks = coach.read(draft["text"], Context(language=language, occasions=occasions, channel=channel))
        for mark in marks:
            if mark.missing:
                missing_right, missing_wrong = (
                    missing_right + bool(draft.get("missing")),
                    missing_wrong + (not draft.get("missing")),
                )
                continue
            near = [each for each in draft["marks"] if each["start"] < mark.end and mark.start < each["end"]]
            right, wrong = right + bool(near), wrong + (not near)
            same += any(each["category"] == SAME.get(mark.category, mark.category) for each in near)
        for each in draft["marks"]:
            hit = any(
                each["start"] < mark.end and mark.start < each["end"] for mark in marks if not mark.missing
            )
            found, lost = found + hit, lost + (not hit)
            by_category.setdefault(each["category"], Counter())["found" if hit else "lost"] += 1
    innocent = (LABELLED / f"{begin}innocent-{language}.txt").read_text("utf-8").splitlines()
    marked = [
        each
        for each in innocent
        if any(not mark.missing for mark in coach.read(each, Context(language=language)))
    ]
    return {
        "precision": round(right / max(1, right + wrong), 3), "recall": round(found / max(1, found + lost), 3),
        "same_category": round(same / max(1, right), 3), "marks": right + wrong, "labelled": found + lost,
        "missing_right": missing_right, "missing_wrong": missing_wrong,
        "innocent_marked": round(len(marked) / len(innocent), 4), "innocent": len(innocent),
        "recall_by_category": {name: f"{each['found']}/{each.total()}" for name, each in sorted(by_category.items())},
    }  # fmt: skip


def later(coach: Coach) -> dict[str, dict[str, float]]:
    """Sentences written after the rules were last changed, and never used to change them: bad ones found, good ones marked."""
    result = {}
    for language in ("en", "zh"):
        lines = [
            line.split("|", 1)
            for line in (LABELLED / f"later-{language}.txt").read_text("utf-8").splitlines()
        ]
        marked = [(kind, any(not mark.missing for mark in coach.read(text))) for kind, text in lines]
        bad = [each for kind, each in marked if kind != "ok"]
        good = [each for kind, each in marked if kind == "ok"]
        result[language] = {
            "bad": len(bad), "bad_found": round(sum(bad) / len(bad), 3), "good": len(good), "good_marked": round(sum(good) / len(good), 3),
        }  # fmt: skip
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", choices=("speed", "quality"), default=None)
    asked = parser.parse_args()
    figures: dict[str, Any] = {}
    if asked.only != "quality":
        figures |= {
            "ms_per_500_characters": speed(quick=asked.quick),
            "cold_ms": cold_ms(quick=asked.quick),
            "shipped_ms": second_ms(quick=asked.quick),
        }
    if asked.only != "speed":
        if starters():
            coach = Coach(load(starters(), prove=False))
            figures["rules"] = len(coach.rules)
            figures["quality"] = {language: quality(coach, language) for language in LANGUAGES}
            for name, begin in (
                ("second", "blind2-"),
                ("third", "blind3-"),
                ("fourth", "blind4-"),
                ("fifth", "blind5-"),
                ("sixth", "blind6-"),
                ("seventh", "blind7-"),
                ("eighth", "blind8-"),
                ("ninth", "blind9-"),
            ):
                figures[f"quality_{name}"] = {
                    language: quality(coach, language, begin) for language in LANGUAGES
                }
            figures["later"] = later(coach)
        else:
            print("Skipped quality: there are no starter packs.", file=sys.stderr)
    common.report("coach", figures)


if __name__ == "__main__":
    main()
