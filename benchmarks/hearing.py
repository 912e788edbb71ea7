"""How well messages are heard: praise or complaint in Chinese and English, and 77 topics; and what it costs.

    script/bench hearing --data FOLDER [--quick]

FOLDER holds labelled messages as CSV (zh_hotel_train.csv, zh_shopping_train.csv, en_hotel_train.csv, en_banking77_train.csv, described in
docs/engines/hearing.md). A tenth of each is held back by a fixed draw, nothing is tuned on it, and nothing of the data is kept. Its last line is one JSON object.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from rugui.engines.hearing import Ear, calibration_error, learn


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", type=Path, required=True, help="the folder with the labelled messages")
    ask.add_argument("--quick", action="store_true", help="a sixth of the messages, without the 77 topics")
    options = ask.parse_args()
    share = 6 if options.quick else 1
    hotel, shopping, english = (
        divided(options.data / name, share)
        for name in ("zh_hotel_train.csv", "zh_shopping_train.csv", "en_hotel_train.csv")
    )
    figures: dict[str, Any] = {}
    chinese = learned("chinese", hotel[0] + shopping[0], figures)
    figures["zh_hotel"] = measured(chinese, hotel[1])
    figures["zh_shopping"] = measured(chinese, shopping[1])
    figures["en_hotel"] = measured(learned("english", english[0], figures), english[1])
    if not options.quick:
        topics = divided(options.data / "en_banking77_train.csv", 1)
        ear = learned("banking77", topics[0], figures, c=100.0, least=2)
        figures["banking77"] = measured(ear, topics[1])
    print(json.dumps(figures))


Row = tuple[str, str]


def divided(path: Path, share: int) -> tuple[list[Row], list[Row]]:
    """Rows to learn from, and the tenth held back."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["text"], row.get("label") or row["topic"]) for row in csv.DictReader(file)]
    order = np.random.default_rng(20).permutation(len(rows))[::share]
    held = len(order) // 10
    return [rows[i] for i in order[held:]], [rows[i] for i in order[:held]]


def learned(name: str, rows: list[Row], figures: dict[str, Any], **how: Any) -> Ear:
    begun = time.process_time()
    ear = learn([text for text, _ in rows], [label for _, label in rows], **how)
    figures[f"learn_{name}"] = {
        "messages": len(rows),
        "cpu_s": round(time.process_time() - begun, 1),
        "file_mb": round(len(ear.to_bytes()) / 1e6, 2),
    }
    print(name, figures[f"learn_{name}"], flush=True)
    return ear


def measured(ear: Ear, rows: list[Row]) -> dict[str, Any]:
    told = np.array([ear.labels.index(label) for _, label in rows])
    begun = time.process_time()
    chances = np.array([ear.chances(text) for text, _ in rows])
    spent = (time.process_time() - begun) / len(rows)
    found = {
        "held_back": len(rows),
        "right": round(float((chances.argmax(1) == told).mean()), 4),
        "calibration_error": round(calibration_error(chances, told), 4),
        "cpu_ms": round(spent * 1000, 3),
    }
    print(found, flush=True)
    return found


if __name__ == "__main__":
    main()
