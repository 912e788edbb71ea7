// The coach beside a composer: marks under the words while one types, why, and a better wording with one tap. It never stands in
// the way: without an answer from the house nothing is marked and everything is sent. Ctrl+. goes to the mark at the cursor.
import { sentences } from "./sentences.js";

const PAUSE = 40; // after a key, for the next one to come
const PATIENCE = 1500; // for the last check before sending
const SHOWN = 6;
const COPIED = [
  "font-family", "font-size", "font-weight", "font-style", "letter-spacing", "line-height", "text-align", "text-indent", "tab-size", "word-break", "line-break",
  "padding-top", "padding-right", "padding-bottom", "padding-left", "border-top-width", "border-right-width", "border-bottom-width", "border-left-width",
];

const composers = new WeakMap();

class Composer {
  constructor(panel, field) {
    this.panel = panel;
    this.field = field;
    this.marks = [];
    this.dismissed = new Set();
    this.hushed = new Set();
    this.shown = new Set();
    this.read = null; // the text that the marks belong to
    this.asked = null; // the text that was asked about before sending
    this.waiting = null;
    this.flight = null;
    this.known = false; // whether the house has said if one should write at all
    field.setAttribute("aria-keyshortcuts", "Control+.");
    if (field instanceof HTMLTextAreaElement) this.lay();
    this.listen();
    if (field.value.trim()) this.soon();
  }

  lay() {
    const wrap = document.createElement("div");
    wrap.className = "coach-field";
    this.under = document.createElement("div");
    this.under.className = "coach-under";
    this.under.setAttribute("aria-hidden", "true");
    const focused = document.activeElement === this.field;
    this.field.replaceWith(wrap);
    wrap.append(this.under, this.field);
    if (focused) this.field.focus();
    this.fit();
    new ResizeObserver(() => this.fit()).observe(this.field);
    this.field.addEventListener("scroll", () => { this.under.scrollTop = this.field.scrollTop; });
  }

  fit() {
    const style = getComputedStyle(this.field);
    for (const name of COPIED) this.under.style.setProperty(name, style.getPropertyValue(name));
    const bar = this.field.offsetWidth - this.field.clientWidth - parseFloat(style.borderLeftWidth) - parseFloat(style.borderRightWidth);
    this.under.style.paddingRight = `${parseFloat(style.paddingRight) + Math.max(0, bar)}px`;
    this.under.lang = this.field.lang;
  }

  listen() {
    this.field.addEventListener("input", () => { this.shift(); this.soon(); });
    this.field.addEventListener("focus", () => { if (!this.known) this.soon(); });
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "." && (event.ctrlKey || event.metaKey) && this.list.firstChild) { event.preventDefault(); this.nearest()?.focus(); }
    });
    this.panel.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.preventDefault(); this.field.focus(); } });
    this.panel.addEventListener("click", (event) => this.clicked(event));
    for (const name of ["focusin", "pointerover"]) this.panel.addEventListener(name, (event) => this.point(event.target.closest(".coach-mark")));
  }

  get list() { return this.panel.querySelector(".coach-list"); }

  // Until the house has read the new text, marks move along with the words that they stand under; those that were touched go.
  shift() {
    const text = this.field.value;
    if (this.read === null || text === this.read) return;
    const old = this.read;
    let head = 0;
    while (head < old.length && head < text.length && old[head] === text[head]) head += 1;
    let tail = 0;
    while (tail < old.length - head && tail < text.length - head && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail += 1;
    const by = text.length - old.length;
    const moved = (mark) => ({ ...mark, start: mark.start + by, end: mark.end + by, ways: mark.ways.map((way) => ({ ...way, start: way.start + by, end: way.end + by })) });
    const before = (mark) => mark.end <= head && mark.ways.every((way) => way.end <= head);
    this.marks = this.marks.filter((mark) => before(mark) || mark.start >= old.length - tail).map((mark) => (mark.end <= head ? mark : moved(mark)));
    this.read = text;
    this.draw();
  }

  soon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.check(), PAUSE);
  }

  async check() {
    clearTimeout(this.waiting);
    if (this.flight) return this.flight; // one at a time; what was typed meanwhile is asked as soon as it is back
    this.flight = this.ask(this.field.value);
    const text = await this.flight;
    this.flight = null;
    if (text !== null && text !== this.field.value) this.soon();
  }

  async ask(text) {
    const { check, customer, name, occasion, channel } = this.panel.dataset;
    const said = new URLSearchParams({ text, name, occasion: this.occasion(occasion), channel: this.channel(channel) });
    if (!this.known && customer) said.set("customer", customer);
    else if (this.mood) said.set("mood", this.mood);
    try {
      const answer = await send(this.field, check, said, AbortSignal.timeout(10_000));
      if (!answer.ok || answer.redirected) return null;
      const { marks, silence, mood } = await answer.json();
      if (silence) this.hush(silence);
      if (mood !== undefined) this.mood = mood;
      this.known = true;
      if (text !== this.field.value) return text;
      this.marks = marks;
      this.read = text;
      this.draw();
      return text;
    } catch {
      return null; // no network, no coach
    }
  }

  occasion(said) { return said; }

  channel(said) {
    const chosen = this.field.form?.elements.namedItem("channel");
    return said || (chosen && chosen.value) || "";
  }

  hush(silence) {
    const place = this.panel.querySelector(".coach-hush");
    place.textContent = silence.join(" ");
    if (silence.length) this.panel.hidden = false;
  }

  get current() {
    return this.marks.filter((mark) => !this.dismissed.has(key(mark)) && !this.hushed.has(mark.rule));
  }

  draw() {
    const marks = this.current;
    this.underline(marks);
    const said = JSON.stringify(marks.map((mark) => [mark.rule, mark.words, mark.ways.map((way) => way.text)]));
    for (const mark of marks) this.shown.add(mark.rule);
    if (said === this.said) return this.place(marks);
    this.said = said;
    const held = this.list.contains(document.activeElement);
    const template = this.panel.querySelector("template");
    this.list.replaceChildren(...marks.slice(0, SHOWN).map((mark, number) => this.item(template, mark, number)));
    if (held) (this.list.querySelector(".coach-jump") || this.field).focus();
    this.place(marks);
    this.count(marks.length);
  }

  place(marks) {
    this.rows = marks.slice(0, SHOWN);
  }

  count(number) {
    const { one, many, none } = this.panel.dataset;
    if (number) this.panel.hidden = false;
    const line = this.panel.querySelector(".coach-count");
    line.classList.toggle("is-empty", !number);
    clearTimeout(this.told);
    // Spoken only when somebody rests: a number that changes with every key would be noise.
    this.told = setTimeout(() => { line.firstElementChild.textContent = number === 1 ? one : number ? many.replace("{n}", number) : none; }, number && !line.firstElementChild.textContent ? 0 : 700);
  }

  item(template, mark, number) {
    const item = template.content.firstElementChild.cloneNode(true);
    item.dataset.number = number;
    item.classList.add(mark.missing ? "is-missing" : `is-${mark.severity}`);
    const jump = item.querySelector(".coach-jump");
    jump.textContent = mark.missing ? mark.message : mark.words; // what is missing has no words of its own
    if (!mark.missing) jump.lang = this.field.lang;
    item.querySelector(".coach-why").textContent = `${mark.told} · ${mark.missing || mark.message === mark.why ? mark.why : sentences(mark.message, mark.why)}`;
    const ways = item.querySelector(".coach-ways");
    mark.ways.slice(0, 3).forEach((way, index) => {
      const shown = document.createElement(way.advice ? "p" : "button");
      shown.textContent = way.text;
      shown.lang = this.field.lang;
      if (!way.advice) { shown.type = "button"; shown.dataset.way = index; }
      ways.append(shown);
    });
    return item;
  }

  underline(marks) {
    if (!this.under) return;
    const text = this.field.value;
    const parts = [];
    let at = 0;
    // What is missing stands under a whole sentence: words that are wrong within it go before.
    const within = (mark) => marks.some((other) => !other.missing && other.start < mark.end && mark.start < other.end);
    for (const mark of marks.filter((each) => !each.missing || !within(each))) {
      if (mark.start < at || mark.end > text.length) continue;
      const under = document.createElement("mark");
      under.className = mark.missing ? "is-missing" : `is-${mark.severity}`;
      if (mark === this.here) under.classList.add("is-here");
      under.textContent = text.slice(mark.start, mark.end);
      parts.push(text.slice(at, mark.start), under);
      at = mark.end;
    }
    parts.push(`${text.slice(at)}\n`);
    this.under.replaceChildren(...parts);
    this.under.scrollTop = this.field.scrollTop;
  }

  point(item) {
    const mark = item && this.rows?.[item.dataset.number];
    if (!mark || mark === this.here) return;
    this.here = mark;
    this.underline(this.current);
  }

  nearest() {
    const at = this.field.selectionStart;
    const rows = this.rows || [];
    const best = rows.reduce((found, mark, number) => (Math.abs(mark.start - at) < Math.abs(rows[found].start - at) ? number : found), 0);
    const item = this.list.children[best];
    return item?.querySelector("[data-way]") || item?.querySelector(".coach-jump");
  }

  clicked(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if ("back" in button.dataset) return this.back();
    if ("send" in button.dataset) return this.go();
    const mark = this.rows?.[button.closest(".coach-mark")?.dataset.number];
    if (!mark) return;
    if (button.classList.contains("coach-jump")) { this.field.focus(); this.field.setSelectionRange(mark.start, mark.end); }
    else if (button.dataset.way) this.take(mark, mark.ways[button.dataset.way]);
    else if (button.dataset.answer) { this.dismissed.add(key(mark)); this.tell({ [button.dataset.answer]: [mark.rule] }); this.field.focus(); this.draw(); }
    else if ("hush" in button.dataset) {
      this.hushed.add(mark.rule);
      send(this.field, this.panel.dataset.silence, new URLSearchParams({ rule: mark.rule })).catch(() => {});
      this.field.focus();
      this.draw();
    }
  }

  take(mark, way) {
    this.field.focus();
    this.field.setSelectionRange(way.start, way.end);
    // The old command, because it is the only one after which Ctrl+Z still works.
    if (!document.execCommand("insertText", false, way.text)) {
      this.field.setRangeText(way.text, way.start, way.end, "end");
      this.field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const [open] = way.open;
    if (open) this.field.setSelectionRange(way.start + open[0], way.start + open[1]);
    this.tell({ taken: [mark.rule] });
  }

  tell(said) {
    const body = new URLSearchParams();
    for (const [kind, rules] of Object.entries(said)) for (const rule of rules) body.append(kind, rule);
    if ([...body.keys()].length) send(this.field, this.panel.dataset.answered, body, undefined, true).catch(() => {});
  }

  grave() { return this.current.filter((mark) => mark.severity === "error"); }

  // Before it is sent: what is grave is shown once. Resolves to whether it may go now.
  async last() {
    const text = this.field.value;
    if (text !== this.read || this.flight) {
      const patience = new Promise((done) => setTimeout(done, PATIENCE));
      await Promise.race([this.flight?.then(() => this.check()) ?? this.check(), patience]);
    }
    return this.asked === text || !this.grave().length || this.read !== text;
  }

  mayGo() { return this.field.value === this.asked || (this.field.value === this.read && !this.flight && !this.grave().length) || !this.field.value.trim(); }

  question(submitter) {
    this.submitter = submitter;
    const ask = this.panel.querySelector(".coach-ask");
    ask.querySelector(".coach-grave").replaceChildren(...this.grave().map((mark) => {
      const item = document.createElement("li");
      const words = document.createElement("strong");
      words.textContent = mark.words;
      item.append(words, ` — ${mark.message}`);
      return item;
    }));
    this.panel.hidden = ask.hidden = false;
    ask.querySelector("[data-back]").focus();
    ask.scrollIntoView({ block: "nearest" });
  }

  back() {
    this.asked = this.field.value;
    this.panel.querySelector(".coach-ask").hidden = true;
    const [mark] = this.grave();
    this.field.focus();
    if (mark) this.field.setSelectionRange(mark.start, mark.end);
  }

  go() {
    this.asked = this.field.value;
    this.panel.querySelector(".coach-ask").hidden = true;
    press(this.field.form, this.submitter);
  }

  sent() {
    this.tell({ shown: [...this.shown], left: [...new Set(this.current.map((mark) => mark.rule))] });
    this.shown.clear();
    this.dismissed.clear();
  }
}

function key(mark) { return `${mark.rule} ${mark.words}`; }

function press(form, submitter) {
  // The part that it stood in may have been drawn anew meanwhile.
  const same = (each) => each.type === "submit" && each.name === submitter.name && each.value === submitter.value;
  const button = submitter?.isConnected ? submitter : submitter && [...form.elements].find(same);
  if (button) button.click(); // not requestSubmit: htmx sends the name of a button that was clicked
  else form.requestSubmit();
}

function send(field, address, body, signal, keepalive = false) {
  const token = field.form?.elements.namedItem("csrfmiddlewaretoken")?.value || "";
  return fetch(address, { method: "POST", body, signal, keepalive, redirect: "manual", headers: { "X-CSRFToken": token, Accept: "application/json" } });
}

function found(form) {
  return [...form.elements].map((field) => composers.get(field)).filter(Boolean);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const mine = found(form);
  if (!mine.length) return;
  if (form.dataset.coached || mine.every((composer) => composer.mayGo())) {
    delete form.dataset.coached;
    for (const composer of mine) composer.sent();
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  for (const composer of mine) {
    if (!(await composer.last())) return composer.question(submitter);
  }
  form.dataset.coached = "1";
  press(form, submitter);
}, true);

// A composer that was emptied after sending begins anew.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (!(form instanceof HTMLFormElement) || !event.detail.successful) return;
  setTimeout(() => { for (const composer of found(form)) { composer.asked = null; composer.shift(); } });
});

function begin(within) {
  const panels = within.matches?.("[data-coach]") ? [within] : within.querySelectorAll?.("[data-coach]") ?? [];
  for (const panel of panels) {
    const field = document.getElementById(panel.dataset.coach);
    if (field && !composers.has(field)) composers.set(field, new Composer(panel, field));
  }
}

begin(document);
document.addEventListener("htmx:load", (event) => begin(event.target));
