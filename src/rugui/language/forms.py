"""The plain form of a rule, and the file that brings many."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..house.forms import HouseForm
from . import writing
from .actions import LONGEST_NOTE
from .packs import Body
from .words import CATEGORIES, OCCASIONS, PACKS, SEVERITIES

LONGEST = 8000


def _area(rows: int = 3) -> Any:
    return forms.Textarea(attrs={"rows": rows})


def _lines(label: Any, *, required: bool, help_text: Any, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=LONGEST, help_text=help_text, widget=_area(rows)
    )


class RuleForm(HouseForm):
    pack = forms.ChoiceField(label=_("Language"), choices=list(PACKS.items()))
    words = _lines(
        _("Find these words"), required=True, help_text=_("One a line. Capitals and 繁/简 do not matter.")
    )
    patterns = forms.BooleanField(
        label=_("These are patterns"),
        required=False,
        help_text=_("As in a file: (?:a|b) either, .{0,12} a gap."),
    )
    instead = _lines(_("Say instead"), required=True, help_text=_("One a line, the best first. {…} is left open for the writer; {name}, {time} are filled in."))  # fmt: skip
    why = forms.CharField(label=_("Why"), max_length=500, widget=_area(2))
    marks = _lines(_("A sentence that it must mark"), required=True, rows=2, help_text=_("One a line. They are its test."))  # fmt: skip
    passes = _lines(_("A sentence that it must let pass"), required=False, rows=2, help_text="")
    category = forms.ChoiceField(label=_("Kind"), choices=list(CATEGORIES.items()))
    severity = forms.ChoiceField(
        label=_("How grave"), choices=list(SEVERITIES.items()), initial="warning", widget=forms.RadioSelect
    )
    exceptions = _lines(
        _("But not within"), required=False, rows=2, help_text=_("One a line: “can't wait”, 話筒.")
    )
    occasions = forms.MultipleChoiceField(
        label=_("Only on these occasions"), required=False, choices=list(OCCASIONS.items()),
        widget=forms.CheckboxSelectMultiple, help_text=_("Nothing ticked: always."),
    )  # fmt: skip
    off = forms.BooleanField(label=_("Switched off"), required=False)
    note = forms.CharField(label=_("Note for colleagues"), required=False, max_length=LONGEST_NOTE)
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, before: Body | None = None, **options: Any) -> None:
        """`before`: the whole rule that is changed; None for a new one."""
        super().__init__(*args, **options)
        self.before = before or {}
        kind = self.before.get("extends", "existence")
        if kind == "presence":
            self.fields["words"].label = _("One of these must be there")
        elif kind != "existence":
            for name in ("words", "patterns"):
                del self.fields[name]
        if before is not None:
            del self.fields["pack"]

    def body(self, name: str) -> Body:
        """The rule as it would stand in a file. What the form does not show stays as it was, also spaces at the edges of patterns."""
        data = self.cleaned_data
        made = {**self.before, "id": name}
        made["category"], made["severity"] = data.get("category", "style"), data.get("severity", "warning")
        made["why"] = self._kept("why", data.get("why") or "…")
        made["rather"] = writing.read(data.get("instead") or "…", shared=False)
        if "words" in self.fields:
            value = writing.read(data.get("words") or "", shared=True)
            as_it_was = {each.strip(): each for each in writing.values(self.before.get("tokens"))}
            made["tokens"] = _each(
                value, lambda line: as_it_was.get(line, line) if data.get("patterns") else writing.plain(line)
            )
        exceptions = writing.read(data.get("exceptions") or "", shared=False)
        examples = {
            "match": writing.lines(data.get("marks") or ""),
            "pass": writing.lines(data.get("passes") or ""),
        }
        optional = {"exceptions": exceptions, "occasions": data.get("occasions"), "disabled": data.get("off")}
        made["examples"] = {key: each for key, each in examples.items() if each}
        for key, each in optional.items():
            if each or key in made:
                made[key] = each or (False if key == "disabled" else [])
        return made

    def _kept(self, key: str, said: str) -> Any:
        """A reason that is written for each script stays so unless it was changed."""
        value = self.before.get(key)
        return (
            value if isinstance(value, dict) and writing.shown(value) == said.replace("\r\n", "\n") else said
        )

    @property
    def words_as_pattern(self) -> bool:
        """Whether what it looks for is no plain words: it is folded away, because few can read it."""
        return "words" in self.fields and bool(self["patterns"].value())

    @property
    def named(self) -> list[str]:
        return writing.values(self.body("x").get("tokens", []))


def _each(value: Any, made: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: _each(each, made) for key, each in value.items()}
    return [made(each) for each in value]


def initial(body: Body, seen: str) -> dict[str, Any]:
    """The form's fields as a rule stands."""
    tokens = body.get("tokens", [])
    simple = all(isinstance(each, str) and writing.is_plain(each) for each in writing.values(tokens))
    examples = body.get("examples") or {}
    shown = writing.shown(tokens)
    return {
        "words": writing.unescaped(shown) if simple else shown,
        "patterns": not simple,
        "instead": writing.shown(body.get("rather")),
        "why": writing.shown(body.get("why")),
        "marks": writing.shown(examples.get("match")),
        "passes": writing.shown(examples.get("pass")),
        "category": body.get("category", "style"),
        "severity": body.get("severity", body.get("level", "warning")),
        "exceptions": writing.shown(body.get("exceptions")),
        "occasions": body.get("occasions", []),
        "off": bool(body.get("disabled")),
        "seen": seen,
    }


class Files(forms.FileField):
    """Several files at once, as (name, content)."""

    widget = type("ManyFiles", (forms.ClearableFileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        checked = [super(Files, self).clean(each, initial) for each in given]
        return [(each.name or "", each.read()) for each in checked]


class ImportForm(HouseForm):
    chosen = Files(
        label=_("Files"), required=False,
        help_text=_("Files of rules (.yaml), of Rugui or of Vale; several at once."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Or its text"), required=False, max_length=500_000, widget=_area(6),
        help_text=_("A file's text, pasted."),
    )  # fmt: skip
    replace = forms.BooleanField(
        label=_("Drop our own rules that the file does not name"), required=False,
        help_text=_("Of the same language only. The starter rules stay."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("chosen") and not (data.get("text") or "").strip():
            self.add_error("chosen", _("Choose a file, or paste its text below."))
        return data

    @property
    def given(self) -> list[tuple[str, bytes]]:
        data = self.cleaned_data
        pasted = data["text"].strip()
        return [*data["chosen"], *([("text.yaml", pasted.encode())] if pasted else [])]
