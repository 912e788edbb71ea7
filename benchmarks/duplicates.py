"""People with two cards, found in labelled sets beside Splink, and among many cards of a made-up town.

`script/bench duplicates [--quick] [--data FOLDER] [--cards N]`. FOLDER holds the labelled sets (febrl4a.csv, febrl4b.csv,
bilingual_duplicates.csv); without it only the town is searched. F1 is of pairs, at the best threshold for either program;
the automatic tier is measured as it stands. Splink runs in an environment of its own under build/peers, with the
settings of its own demonstration for FEBRL4, and on our normalised columns for the bilingual set.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from rugui.engines.identities import normal_email, normal_phone
from rugui.engines.identity import batch
from rugui.engines.identity.compare import (
    CODE_LEVELS,
    DATE_LEVELS,
    TEXT_LEVELS,
    code_level,
    date_level,
    text_level,
)
from rugui.engines.identity.normalise import folded, name_of

from .common import report
from .peers import environment_of

SPLINK = ["splink==4.0.17", "pandas<3"]
REGIONS = ("US", "TW", "CN")
SEED = 20261122
FEBRL = (
    "given_name",
    "surname",
    "date_of_birth",
    "postcode",
    "suburb",
    "address_1",
    "street_number",
    "soc_sec_id",
)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--data", type=Path, default=os.environ.get("RUGUI_IDENTITY_DATA"))
    arguments.add_argument("--cards", type=int, default=0)
    given = arguments.parse_args()
    figures: dict[str, Any] = {}
    if given.data:
        figures["febrl4"] = febrl4(Path(given.data))
        figures["bilingual"] = bilingual(Path(given.data))
    figures["town"] = town(given.cards or (20_000 if given.quick else 1_000_000))
    report("duplicates", figures)


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """What it gives, and what it took of the clock and of processors, ours and those of processes that it started."""
    wall, cpu = time.monotonic(), _cpu()
    result = work()
    return result, {"wall_s": round(time.monotonic() - wall, 2), "cpu_s": round(_cpu() - cpu, 2)}


def _cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


class Peak(threading.Thread):
    """The most memory that this process and those it started held together, in MB, looked at twenty times a second.

    What processes share (programs, libraries) counts once for each of them.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.mb, self._ended = 0.0, threading.Event()

    def run(self) -> None:
        own = psutil.Process()
        while not self._ended.wait(0.05):
            with suppress(psutil.NoSuchProcess):
                every = [own, *own.children(recursive=True)]
                self.mb = max(self.mb, sum(each.memory_info().rss for each in every) / 2**20)

    def __enter__(self) -> Peak:
        self.start()
        return self

    def __exit__(self, *_failed: object) -> None:
        self._ended.set()
        self.join()


def scores(pairs: np.ndarray, probability: np.ndarray, truth: set[tuple[int, int]]) -> dict[str, float]:
    """Precision, recall and F1 of the best threshold."""
    order = np.argsort(-probability, kind="stable")
    hits = np.array([tuple(pair) in truth for pair in pairs[order].tolist()])
    found, taken = np.cumsum(hits), np.arange(1, len(hits) + 1)
    f1 = 2 * found / (taken + len(truth))
    best = int(f1.argmax())
    return {
        "f1": round(float(f1[best]), 5),
        "precision": round(float(found[best] / taken[best]), 5),
        "recall": round(float(found[best] / len(truth)), 5),
    }


def ours(found: batch.Found, truth: set[tuple[int, int]]) -> dict[str, Any]:
    certain = [tuple(pair) in truth for pair in found.pairs[found.certain].tolist()]
    joined = [pair in truth for cluster in found.clusters for pair in combinations(cluster, 2)]
    return scores(found.pairs, found.probability, truth) | {
        "automatic_pairs": len(certain),
        "automatic_precision": round(sum(certain) / max(len(certain), 1), 5),
        "automatic_share": round(sum(certain) / len(truth), 3),
        "merged_pairs": len(joined),
        "merged_precision": round(sum(joined) / max(len(joined), 1), 5),
    }


def truth_of(clusters: Sequence[str | int]) -> set[tuple[int, int]]:
    members = defaultdict(list)
    for index, cluster in enumerate(clusters):
        members[cluster].append(index)
    return {pair for group in members.values() for pair in combinations(group, 2)}


def febrl4(folder: Path) -> dict[str, Any]:
    a, b = ([*csv.DictReader((folder / f"febrl4{side}.csv").open())] for side in "ab")
    rows = [*a, *b]
    truth = truth_of([row["cluster"] for row in rows])

    def search() -> batch.Found:
        values = {name: [folded(row[name].strip()) for row in rows] for name in FEBRL}
        text = batch.text_agreement(text_level)
        kinds = {
            "date_of_birth": (batch.text_agreement(date_level), DATE_LEVELS),
            "soc_sec_id": (batch.text_agreement(code_level), CODE_LEVELS),
        }
        columns = [
            batch.column(name, values[name], *kinds.get(name, (text, TEXT_LEVELS)), rarity=True)
            for name in FEBRL
        ]
        pairs = batch.candidates((_febrl_keys(row) for row in rows), largest=60)
        side = np.arange(len(rows)) < len(a)
        return batch.search(columns, pairs[side[pairs[:, 0]] != side[pairs[:, 1]]], keep=0.0)

    found, cost = timed(search)
    return {"ours": ours(found, truth) | cost, "splink": splink("febrl4", rows, truth)}


def _febrl_keys(row: dict[str, str]) -> set[int]:
    first, last, born, post, social, street, suburb = (
        folded(row[name].strip())
        for name in (
            "given_name",
            "surname",
            "date_of_birth",
            "postcode",
            "soc_sec_id",
            "address_1",
            "suburb",
        )
    )
    keys = {f"s {social}", f"d {born}", f"a {street}", f"gp {first} {post}", f"lp {last} {post}",
            f"n {min(first, last)} {max(first, last)}", f"t {last[:3]}{first[:3]}{post[:2]}", f"u {suburb} {last[:2]}"}  # fmt: skip
    if social:
        keys |= {f"1 {social[:4]}", f"2 {social[3:]}"}
    return {hash(key) for key in keys if len(key) > 3}


def bilingual(folder: Path) -> dict[str, Any]:
    rows = [*csv.DictReader((folder / "bilingual_duplicates.csv").open())]
    truth = truth_of([row["cluster"] for row in rows])
    names = [tuple(each for each in (row["name"], row["alt_name"]) if each) for row in rows]
    phones = [_phone(row["phone"]) for row in rows]
    emails = [(found,) if (found := normal_email(row["email"])) else () for row in rows]

    def search() -> batch.Found:
        return batch.look_through(batch.Cards(names, phones, emails), keep=0.0)

    found, cost = timed(search)
    normal = [_normalised(index, *each) for index, each in enumerate(zip(names, phones, emails, strict=True))]
    result = {"ours": ours(found, truth) | cost, "splink": splink("bilingual", normal, truth)}
    shared = {
        (one, other)
        for one, other in combinations(range(len(rows)), 2)
        if phones[one] and phones[one] == phones[other] and rows[one]["cluster"] != rows[other]["cluster"]
    }
    merged = {pair for cluster in found.clusters for pair in combinations(cluster, 2)}
    result["ours"] |= {"relatives_on_one_phone": len(shared), "relatives_merged": len(shared & merged)}
    return result


def _phone(text: str) -> tuple[str, ...]:
    found = (normal_phone(text, region) for region in REGIONS) if text else ()
    return next(((each,) for each in found if each), ())


def _normalised(
    index: int, names: tuple[str, ...], phones: tuple[str, ...], emails: tuple[str, ...]
) -> dict[str, str]:
    name = name_of(" ".join(names))
    family, given = name.readings[0] if name.readings else (name.words[-1:] or ("",))[0:1] * 2
    if not name.readings:
        given = " ".join(name.words[:-1])
    email = emails[0] if emails else ""
    return {"rec_id": str(index), "family": family, "given": given, "hanzi": name.hanzi,
            "phone": phones[0] if phones else "", "tail": phones[0][-7:] if phones else "",
            "email": email, "local": email.partition("@")[0]}  # fmt: skip


PEER = r"""
import json, resource, sys, time
import pandas as pd
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
what, source, target = sys.argv[1:]
frame = pd.read_csv(source, dtype=str, keep_default_na=False).replace("", None)
wall, cpu = time.monotonic(), time.process_time()
if what == "febrl4":
    frames = [frame[frame.side == side].drop(columns=["side"]) for side in "ab"]
    settings = SettingsCreator(
        link_type="link_only", unique_id_column_name="rec_id",
        blocking_rules_to_generate_predictions=[
            block_on("given_name", "surname"), block_on("date_of_birth"), block_on("soc_sec_id"),
            block_on("state", "address_1"), block_on("street_number", "address_1"), block_on("postcode"),
        ],
        comparisons=[
            cl.NameComparison("given_name"), cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d",
                                     invalid_dates_as_null=True),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
        ],
    )
    rules, recall = ["l.soc_sec_id = r.soc_sec_id", "l.given_name = r.given_name and l.surname = r.surname and"
                     " l.date_of_birth = r.date_of_birth"], 0.9
    sessions = [block_on("date_of_birth"), block_on("postcode")]
else:
    frames = frame
    settings = SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="rec_id",
        blocking_rules_to_generate_predictions=[
            block_on("phone"), block_on("tail"), block_on("email"), block_on("local"), block_on("family", "given"),
            block_on("hanzi"), block_on("substr(phone, 1, 8)", "substr(given, 1, 2)"), block_on("family", "substr(local, 1, 4)"),
        ],
        comparisons=[
            cl.JaroWinklerAtThresholds("given", [0.92, 0.85]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("family", [0.92, 0.85]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("hanzi").configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("phone", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("email", [1, 2]),
        ],
    )
    rules, recall = ["l.email = r.email", "l.phone = r.phone and l.given = r.given"], 0.7
    sessions = [block_on("phone"), block_on("family", "given"), block_on("email")]
linker = Linker(frames, settings, DuckDBAPI())
linker.training.estimate_probability_two_random_records_match(rules, recall=recall)
linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
for rule in sessions:
    linker.training.estimate_parameters_using_expectation_maximisation(rule)
found = linker.inference.predict(threshold_match_probability=0.001).as_pandas_dataframe()
found[["rec_id_l", "rec_id_r", "match_weight"]].to_csv(target, index=False)
print(json.dumps({"wall_s": round(time.monotonic() - wall, 2), "cpu_s": round(time.process_time() - cpu, 2),
                  "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))
"""


def splink(what: str, rows: Sequence[dict[str, str]], truth: set[tuple[int, int]]) -> dict[str, Any]:
    """The same set through Splink."""
    python = environment_of("splink", SPLINK)
    with tempfile.TemporaryDirectory() as folder:
        source, target, script = (Path(folder) / name for name in ("in.csv", "out.csv", "peer.py"))
        place = {row["rec_id"]: index for index, row in enumerate(rows)}
        half = len(rows) // 2
        with source.open("w", newline="") as file:
            more = {"side"} if what == "febrl4" else set()
            writer = csv.DictWriter(file, [*rows[0], *more])
            writer.writeheader()
            for index, row in enumerate(rows):
                writer.writerow(row | ({"side": "a" if index < half else "b"} if more else {}))
        script.write_text(PEER)
        done = subprocess.run(
            [str(python), str(script), what, str(source), str(target)],
            check=True,
            capture_output=True,
            text=True,
        )
        found = [*csv.DictReader(target.open())]
    pairs = np.array([sorted((place[each["rec_id_l"]], place[each["rec_id_r"]])) for each in found])
    weights = np.array([float(each["match_weight"]) for each in found])
    return scores(pairs, weights, truth) | json.loads(done.stdout.strip().splitlines()[-1])


def town(cards: int) -> dict[str, Any]:
    """A town in which one person in eleven has a second card, written a little differently."""
    from . import people

    chance = random.Random(SEED)
    taken: set[str] = set()
    names, phones, emails, owners = [], [], [], []
    for person in people.town(cards * 10 // 11, SEED):
        email = person.email
        if people.delivered(email) in taken:  # No provider gives one address to two people.
            email = email.replace("@", f".{person.id}@")
        taken.add(people.delivered(email))
        own = (tuple(each for each in (person.name, person.also) if each), person.phone, email)
        for name, phone, email in [own, *([_again(chance, *own)] if chance.random() < 0.1 else [])]:
            names.append(name)
            phones.append((phone,) if phone else ())
            emails.append((email,) if email else ())
            owners.append(person.id)

    def search() -> batch.Found:
        return batch.look_through(given.pop(), keep=0.3)

    total, given = len(names), [batch.Cards(names, phones, emails)]
    del names, phones, emails, taken, own, name, phone, email
    with Peak() as peak:
        found, cost = timed(search)
    truth = truth_of(owners)
    return (
        {"cards": total, "compared": found.compared} | ours(found, truth) | cost | {"peak_mb": round(peak.mb)}
    )


def _again(
    chance: random.Random, names: tuple[str, ...], phone: str, email: str
) -> tuple[tuple[str, ...], str, str]:
    """The same person once more: a letter lost, words swapped, a number or an address not given."""
    name = names[-1] if chance.random() < 0.3 else names[0]
    words = name.split(" ")
    if len(words) > 1 and chance.random() < 0.3:
        words.reverse()
    name = " ".join(words)
    if name.isascii() and len(name) > 6 and chance.random() < 0.3:
        at = chance.randrange(1, len(name) - 1)
        name = name[:at] + name[at + 1 :]
    return (name,), phone if chance.random() < 0.8 else "", email if chance.random() < 0.8 else ""


if __name__ == "__main__":
    main()
