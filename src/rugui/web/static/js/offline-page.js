// The page of a phone without a network (/offline): today's arrivals, a card, one line to write down, what waits.
// Its words stand in the page's own templates; what people have written is put in as text, never as markup.
import { askToSendLater, meet } from "./offline.js";
import { sentences } from "./sentences.js";

const store = self.ruguiOffline;
const $ = (id) => document.getElementById(id);
const language = document.documentElement.lang;
let day = null;

const pattern = (name) => $(`pattern-${name}`).content.firstElementChild.cloneNode(true);
const fill = (element, words) => {
  for (const [name, text] of Object.entries(words)) {
    for (const each of element.querySelectorAll(`[data-${name}]`)) {
      each.textContent = text;
      if (!text) each.hidden = true;
    }
  }
  return element;
};
const clock = (milliseconds) =>
  new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: day?.place.zone }).format(milliseconds);

const beside = (text, detail) => $("done").dataset.beside.replace("{text}", () => text).replace("{detail}", () => detail);

// Keeps the keyboard where it was while a list is drawn again.
function refill(list, rows) {
  const focused = list.contains(document.activeElement) ? document.activeElement.id : "";
  list.replaceChildren(...rows);
  if (focused) $(focused)?.focus();
}

const chip = (text, css, label) => {
  const made = fill(pattern("chip"), { text });
  made.classList.add(css);
  fill(made, { label });
  if (!label) made.querySelector(".unseen").remove();
  return made;
};
const need = (text) => {
  const made = pattern("need");
  made.querySelector("[data-text]").textContent = text;
  return made;
};

function visitRow(visit) {
  const card = day.cards[visit.customer];
  const row = fill(pattern("visit"), { at: clock(visit.at), about: visit.about });
  const link = row.querySelector("a");
  link.textContent = card.called;
  link.href = `#${visit.customer}`;
  link.id = `to-${visit.customer}`;
  const chips = row.querySelector(".chips");
  chips.append(...card.needs.map(need));
  if (!card.needs.length) chips.remove();
  return row;
}

function drawVisits() {
  for (const [name, here] of [["expected", false], ["here", true]]) {
    const visits = day.visits.filter((visit) => visit.here === here);
    refill($(name), visits.map(visitRow));
    $(`${name}-part`).hidden = !visits.length;
  }
  $("nobody").hidden = day.visits.length > 0;
  $("as-of").textContent = $("as-of").dataset.words.replace("{time}", clock(day.at)).replace("{place}", day.place.name);
}

function owedRows(card) {
  const rows = card.owed.map((each) => {
    const by = $("card").dataset.by.replace("{time}", clock(each.by));
    return fill(pattern("line"), { title: each.line, detail: [by, each.text].filter(Boolean).join(" · ") });
  });
  return [...card.cases.map((title) => fill(pattern("line"), { title, detail: "" })), ...rows];
}

function reachRow(each) {
  const row = pattern("reach");
  const link = row.querySelector("a");
  row.querySelector("[data-label]").textContent = each.label;
  link.textContent = each.value;
  if (/^(tel|mailto):/.test(each.href)) link.href = each.href;
  return row;
}

function drawCard(id) {
  const card = day.cards[id];
  const visit = day.visits.find((each) => each.customer === id);
  const page = $("card");
  page.querySelector(".called").textContent = card.called;
  const known = [card.name !== card.called && card.name, card.sound, card.contact].filter(Boolean).join(" · ");
  page.querySelector(".known-as").textContent = known;
  page.querySelector(".known-as").hidden = !known;
  page.querySelector(".needs").replaceChildren(...card.needs.map((text) => {
    const made = need(text);
    made.className = "need";
    return made;
  }));
  page.querySelector(".now").hidden = !card.mood;
  if (card.mood) page.querySelector("[data-mood]").textContent = `${card.mood.text} · ${clock(card.mood.at)}`;
  page.querySelector("[data-visit]").textContent = visit ? [clock(visit.at), visit.about].filter(Boolean).join(" · ") : "";
  const parts = {
    notes: card.notes.map((note) => {
      const made = chip(note.quiet ? beside(note.text, note.quiet) : note.text, `is-${note.kind}`, note.label);
      if (note.level !== "sure") made.classList.add("quiet");
      return made;
    }),
    owed: owedRows(card),
    reach: card.reach.map(reachRow),
  };
  for (const [name, rows] of Object.entries(parts)) {
    $(`card-${name}`).replaceChildren(...rows);
    $(`card-${name}-part`).hidden = !rows.length;
  }
}

const people = () => Object.entries(day?.cards ?? {}).map(([id, card]) => [id, card.called]);

function fillChoice(select, chosen = "") {
  const options = people().map(([id, called]) => new Option(called, id, false, id === chosen));
  select.replaceChildren(new Option(select.dataset.nobody, "", false, !chosen), ...options);
}

const shown = () => (day?.cards[location.hash.slice(1)] ? location.hash.slice(1) : "");

function draw() {
  const id = shown();
  $("nothing").hidden = Boolean(day);
  $("arrivals").hidden = !day || Boolean(id);
  $("card").hidden = !id;
  $("capture-part").hidden = !day?.may_write;
  if (!day) return;
  drawVisits();
  if (id) drawCard(id);
  const choice = $("line-customer");
  const chosen = id || (day.cards[choice.value] ? choice.value : "");
  fillChoice(choice, chosen);
}

function lineRow(line) {
  const row = fill(pattern("waiting"), { text: line.text, who: line.called, at: clock(line.said_at) });
  const back = row.querySelector("button");
  back.id = `back-${line.sequence}`;
  back.addEventListener("click", () => store.drop(line.sequence));
  return row;
}

function choose(row, line) {
  const select = row.querySelector("select");
  const label = row.querySelector("label.choice");
  select.id = `whom-${line.sequence}`;
  label.htmlFor = select.id;
  fillChoice(select);
  const keep = row.querySelector("[data-keep]");
  keep.id = `keep-${line.sequence}`;
  keep.addEventListener("click", async () => {
    if (!select.value) return select.focus();
    await store.decide(line, { customer: select.value, called: day.cards[select.value].called });
    meet();
  });
}

function agreement(line, ask) {
  const row = fill(pattern("ask"), { what: ask.what, text: ask.text, question: ask.question });
  const guardian = row.querySelector(".guardian");
  const field = guardian.querySelector("input");
  guardian.hidden = !ask.guardian;
  field.id = `guardian-${line.sequence}-${ask.part}`;
  guardian.querySelector("label").htmlFor = field.id;
  row.querySelector("button").addEventListener("click", async () => {
    if (ask.guardian && !field.value.trim()) return field.focus();
    const { text, customer, called, place } = { ...line, customer: line.answer.customer };
    await store.add({ text, customer, called, place, part: ask.part, given_by: field.value.trim() });
    const asks = line.answer.asks.filter((each) => each.part !== ask.part);
    if (asks.length) await store.decide(line, { state: "ask", answer: { ...line.answer, asks } });
    else await store.drop(line.sequence);
    meet();
  });
  return row;
}

function decisionRow(line) {
  const words = $("to-decide").dataset;
  const why = { whom: "", gone: words.gone, ask: words.ask, refused: line.answer?.why || words.refused }[line.state];
  const row = fill(pattern("decision"), { text: line.text, who: line.called, at: clock(line.said_at), why });
  if (line.state === "whom" || line.state === "gone") choose(row, line);
  else row.querySelector(".choose").remove();
  if (line.state === "ask") row.querySelector(".asks").append(...line.answer.asks.map((ask) => agreement(line, ask)));
  const back = row.querySelector("[data-back]");
  back.id = `drop-${line.sequence}`;
  back.addEventListener("click", () => store.drop(line.sequence));
  return row;
}

function doneRow(each) {
  const words = $("done").dataset;
  const notes = each.notes.map((note) => beside(note.text, note.kind)).join(words.between) || each.text;
  const said = sentences(each.moved && words.moved, each.unsure && words.unsure);
  const row = fill(pattern("sent"), { text: notes, said });
  const link = row.querySelector("a");
  link.textContent = each.called;
  link.href = `/customers/${each.customer}`;
  return row;
}

let drawing = 0;

async function drawLines() {
  const turn = ++drawing;
  const [all, done] = [await store.lines(), await store.done()];
  if (turn !== drawing) return; // what was asked for later knows more
  const parts = {
    waiting: all.filter((line) => line.state === "waiting").map(lineRow),
    "to-decide": all.filter((line) => line.state !== "waiting").map(decisionRow),
    done: done.map(doneRow),
  };
  for (const [name, rows] of Object.entries(parts)) {
    // A list in which somebody is choosing is left as it is until they have chosen.
    if (!$(name).contains(document.activeElement) || $(name).children.length !== rows.length) refill($(name), rows);
    $(`${name}-part`).hidden = !rows.length;
  }
}

async function renew() {
  day = store.able ? await store.day() : null;
  draw();
  await drawLines();
}

function sayNetwork(up) {
  const text = up ? $("network").dataset.up : $("network").dataset.down;
  if ($("network-words").textContent !== text) $("network-words").textContent = text;
  $("network-banner").classList.toggle("is-well", up);
  $("to-house").hidden = !up;
}

async function look() {
  const told = await meet();
  if (told === null) return location.assign("/accounts/login/");
  await renew();
}

$("line").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("line-text").value.trim();
  const customer = $("line-customer").value;
  if (!text || !day) return;
  $("line-text").value = "";
  await store.add({ text, customer, called: day.cards[customer]?.called ?? "", place: day.place.id });
  $("line-said").textContent = "";
  $("line-said").textContent = $("line-said").dataset.kept;
  askToSendLater();
  if (navigator.onLine) look();
});
// An input method ends a Chinese word with Enter; that must not send the line.
$("line-text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
});

window.addEventListener("hashchange", () => {
  draw();
  (shown() ? $("card-title") : $("arrivals-title")).focus();
});
for (const event of ["online", "offline"]) window.addEventListener(event, look);
document.addEventListener("offline:met", (event) => sayNetwork(event.detail));
document.addEventListener("offline:changed", renew);
store.channel.addEventListener("message", renew);
setInterval(renew, 60_000); // what is over disappears by itself
$("look").addEventListener("click", look);

sayNetwork(false);
const asked = location.pathname.match(/^\/customers\/([a-z2-7]{26})/);
if (asked && !location.hash) history.replaceState(null, "", `${location.pathname}#${asked[1]}`);
await renew();
look();
