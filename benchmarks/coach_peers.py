"""textlint and proselint, each a process that reads the same texts and tells its processor time per text."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from .peers import PEERS, environment_of

TEXTLINT = [
    "@textlint/kernel@15.8.0",
    "@textlint/textlint-plugin-text@15.8.0",
    "@textlint-rule/textlint-rule-pattern@2.0.2",
]
PROSELINT = ["proselint==0.16.0"]
_TEXTLINT = """
const fs = require("fs"), readline = require("readline");
const { TextlintKernel } = require("@textlint/kernel");
const of = (name) => { const it = require(name); return it.default || it; };
const { texts, patterns } = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const kernel = new TextlintKernel();
const options = {
  filePath: "a.txt", ext: ".txt", plugins: [{ pluginId: "text", plugin: of("@textlint/textlint-plugin-text") }],
  rules: [{ ruleId: "pattern", rule: of("@textlint-rule/textlint-rule-pattern"),
    options: { patterns: patterns.map((pattern) => ({ message: "no", pattern })) } }],
};
(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const times = Number(line), before = process.cpuUsage();
    let found = 0;
    for (let i = 0; i < times; i++) found += (await kernel.lintText(texts[i % texts.length], options)).messages.length;
    const used = process.cpuUsage(before);
    console.log(JSON.stringify({ ms: (used.user + used.system) / 1000 / times, found: found / times }));
  }
})();
"""
_PROSELINT = """
import json, sys, time
from proselint.checks import __register__
from proselint.registry import CheckRegistry
from proselint.tools import LintFile
CheckRegistry().register_many(__register__)
texts = json.load(open(sys.argv[1]))["texts"]
for line in sys.stdin:
    times, found = int(line), 0
    before = time.process_time()
    for i in range(times):
        found += len(LintFile("a", texts[i % len(texts)]).lint())
    print(json.dumps({"ms": (time.process_time() - before) * 1000 / times, "found": found / times}), flush=True)
"""


class Unreachable(Exception):
    """A peer that could not be installed here."""


class Peer:
    """A process that has the texts and patterns; `ms(times)` is its processor time per text."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.found = 0.0

    def ms(self, times: int) -> float:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{times}\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        self.found = answer["found"]
        return float(answer["ms"])

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


def textlint(texts: Sequence[str], patterns: Sequence[str], name: str) -> Peer:
    """Raises Unreachable without Node.js, or when its packages cannot be had."""
    folder = PEERS / "textlint"
    folder.mkdir(parents=True, exist_ok=True)
    stamp = folder / "installed.json"
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise Unreachable("textlint: there is no Node.js here")
    if not stamp.exists() or json.loads(stamp.read_text()) != TEXTLINT:
        (folder / "package.json").write_text('{"private": true}')
        _install([npm, "install", "--silent", "--no-audit", "--no-fund", *TEXTLINT], folder, "textlint")
        stamp.write_text(json.dumps(TEXTLINT))
    (folder / "measure.cjs").write_text(_TEXTLINT)
    given = folder / f"{name}.json"
    given.write_text(json.dumps({"texts": texts, "patterns": patterns}), "utf-8")
    return Peer([node, "measure.cjs", str(given)], folder)


def proselint(texts: Sequence[str]) -> Peer:
    """Raises Unreachable when its package cannot be had."""
    try:
        python = environment_of("proselint", PROSELINT)
    except subprocess.CalledProcessError as error:
        raise Unreachable(f"proselint could not be installed: {error}") from None
    folder = PEERS / "proselint"
    (folder / "measure.py").write_text(_PROSELINT)
    (folder / "texts.json").write_text(json.dumps({"texts": texts}), "utf-8")
    return Peer([str(python), "measure.py", "texts.json"], folder)


def _install(command: list[str], folder: Path, name: str) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, timeout=240, capture_output=True)
    except (subprocess.SubprocessError, OSError) as error:
        raise Unreachable(f"{name} could not be installed: {error}") from None
