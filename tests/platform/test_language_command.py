"""`rugui language`: files checked, packs read, and what it ends with."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rugui.cli import main

PACK = """
id: house
name: House
language: en
version: "1"
owner: us
source: here
rules:
- {id: must, category: blame, severity: warning, why: It orders., rather: [may I ask you to], tokens: [you must], occasions: [money], examples: {match: [You must pay.]}}
- {id: soon, category: time, why: No time., rather: ["by {time}"], tokens: [soon], examples: {match: [See you soon.]}}
"""


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "house.yaml").write_text(PACK, "utf-8")
    return tmp_path / "house.yaml"


def run(pack: Path, *words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(
        main, ["language", "check", "--no-starters", "--rules", str(pack), *words], input=typed
    )


def test_what_is_piped_in_is_marked_and_the_command_ends_with_1(pack: Path) -> None:
    result = run(pack, typed="Dear 😀.\nYou must pay.\n")
    assert result.exit_code == 1
    assert result.output == "-:2:1: warning: 'You must': It orders. [house.must]\n    > May I ask you to\n"


def test_a_clean_text_ends_with_0_and_says_nothing(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Thank you.", "utf-8")
    result = run(pack, str(tmp_path / "a.txt"))
    assert (result.exit_code, result.output) == (0, "")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--fail-on", "warning"], 0),
        (["--fail-on", "never"], 0),
        ([], 1),
        (["--occasion", "farewell"], 1),
        (["--certain", "0.95"], 0),
    ],
)
def test_only_what_is_heavy_enough_fails(pack: Path, words: list[str], code: int) -> None:
    assert run(pack, *words, typed="See you soon.").exit_code == code


def test_the_occasion_decides_which_rules_count(pack: Path) -> None:
    assert run(pack, "--occasion", "farewell", typed="You must pay.").exit_code == 0
    assert run(pack, "--occasion", "money", typed="You must pay.").exit_code == 1


def test_json_says_where_in_code_points_and_in_utf_16(pack: Path) -> None:
    (found,) = json.loads(run(pack, "--format", "json", typed="😀 you must").output)
    (mark,) = found["marks"]
    assert (mark["start"], mark["start16"], mark["text"], mark["rule"]) == (2, 3, "you must", "house.must")
    assert mark["rather"][0]["text"] == "may I ask you to"


def test_sarif_has_rules_regions_and_fixes(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Hi.\r\n😀 you must", "utf-8")
    report = json.loads(run(pack, "--format", "sarif", str(tmp_path / "a.txt")).output)
    (ran,) = report["runs"]
    (result,) = ran["results"]
    assert report["version"] == "2.1.0"
    assert [each["id"] for each in ran["tool"]["driver"]["rules"]] == [result["ruleId"]] == ["house.must"]
    region = {"startLine": 2, "startColumn": 4, "endLine": 2, "endColumn": 12}
    assert result["locations"][0]["physicalLocation"]["region"] == region
    assert result["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"] == region


def test_what_cannot_be_read_ends_with_2_and_the_rest_is_read(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    (tmp_path / "a.txt").write_text("You must.", "utf-8")
    result = run(pack, str(tmp_path / "latin.txt"), str(tmp_path / "lost.txt"), str(tmp_path / "a.txt"))
    assert result.exit_code == 2
    assert "save it as UTF-8" in result.output
    assert "No such file" in result.output
    assert "house.must" in result.output


def test_a_wrong_pack_ends_with_2_and_says_what_would_be_right(pack: Path) -> None:
    pack.write_text(
        PACK.replace("category: time", "category: tim").replace("tokens: [soon]", "tokens: [late]"), "utf-8"
    )
    result = run(pack, typed="x")
    assert result.exit_code == 2
    assert "house.yaml: soon: category: 'tim' is not known (perhaps time)" in result.output


def test_packs_once_read_are_kept_and_read_anew_when_they_change(pack: Path, tmp_path: Path) -> None:
    first = run(pack, typed="You must. See you soon.").output
    (kept,) = (tmp_path / "cache" / "rugui" / "coach").glob("*.kept")
    assert run(pack, typed="You must. See you soon.").output == first
    pack.write_text(PACK.replace("[soon]", "[soon, later]"), "utf-8")
    assert "later" in run(pack, typed="See you later.").output
    pack.write_text(PACK, "utf-8")
    for damaged in (b"[", kept.read_bytes()[:-1]):
        kept.write_bytes(damaged)
        assert run(pack, typed="You must. See you soon.").output == first


def test_a_folder_that_cannot_be_written_does_no_harm(
    pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert run(pack, typed="You must.").exit_code == 1


def test_rule_files_of_vales_are_read_from_their_folders(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "styles" / "Plain").mkdir(parents=True)
    (tmp_path / "styles" / "Plain" / "Easy.yml").write_text(
        "extends: existence\nmessage: \"Not '%s'.\"\ntokens: [simply]\n", "utf-8"
    )
    result = run(tmp_path / "styles", typed="It simply works.")
    assert result.output == "-:1:4: warning: 'simply': Not 'simply'. [Plain.Easy]\n"


def test_the_rules_command_counts_and_warns(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "Slow.yml").write_text("extends: existence\nmessage: x\ntokens: ['\\w+ \\d+']\n", "utf-8")
    result = CliRunner().invoke(
        main, ["language", "rules", "--no-starters", str(pack), str(tmp_path / "Slow.yml")]
    )
    assert result.exit_code == 0
    assert "house 1 (en): 2 rules" in result.output
    assert "no fixed words" in result.output


def test_kept_packs_are_the_same_packs(pack: Path, tmp_path: Path) -> None:
    from rugui.engines.coach import Source, load
    from rugui.engines.coach.kept import load_kept

    docs = (Path(__file__).parents[2] / "docs" / "engines" / "coach.md").read_text("utf-8").split("```yaml\n")
    given = [Source(f"{number}.yaml", each.split("```")[0]) for number, each in enumerate(docs[1:])]
    once = load_kept(given, [], tmp_path / "kept")
    again = load_kept(given, [], tmp_path / "kept")
    assert once == again == load(given)


def test_of_several_that_need_packs_at_once_one_makes_them(tmp_path: Path) -> None:
    from rugui.engines.coach.kept import kept

    made: list[int] = []

    def make() -> list[int]:
        made.append(1)
        time.sleep(0.2)
        return [1]

    asking = [
        threading.Thread(target=kept, args=(tmp_path / "new" / "it.kept", make, list, list)) for _ in range(4)
    ]
    for each in asking:
        each.start()
    for each in asking:
        each.join()
    assert made == [1]
