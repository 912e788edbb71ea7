// Live updates. One stream a page; what changes becomes events on <body>, for parts to fetch themselves again:
//
//   live:customer-ID  live:case-ID  live:place-ID   this customer, case or place changed
//   live:any                                        anything changed
//   live:reload                                     too much was missed: look at everything again
//
//   <section hx-get="…" hx-trigger="live:case-ID from:body, live:reload from:body">
//
// <html data-live> says "up" or "down"; offline.js shows it.

const SPREAD = 100; // ms in which changes are gathered, so that a burst fetches a part once
const PATIENCE = 3000; // without a stream for so long, the page says so
const SILENCE = 40000; // the server gives a sign of life every 15 s
const HIDDEN = 300000; // a tab that nobody has looked at for so long needs no stream
const SLOWEST = 15000; // between two attempts

const place = document.querySelector("[data-live-ticket-url]");
const ticketUrl = place?.dataset.liveTicketUrl;
const tabs = new BroadcastChannel("rugui-live");
const changed = new Set();

let url = place?.dataset.liveUrl;
let last = ""; // the mark of the last event heard
let source = null;
let paused = false;
let attempts = 0;
let retry, patience, silence, hidden, gathering;

function tell(name, detail) {
  document.body.dispatchEvent(new CustomEvent(name, { detail }));
}

function gather(names) {
  names.forEach((name) => changed.add(name));
  gathering ??= setTimeout(() => {
    gathering = null;
    const told = [...changed];
    changed.clear();
    told.forEach((name) => tell(name));
  }, SPREAD);
}

function heard(event) {
  if (event.lastEventId) last = event.lastEventId;
  clearTimeout(silence);
  silence = setTimeout(lost, SILENCE);
}

function up() {
  attempts = 0;
  clearTimeout(patience);
  patience = null;
  document.documentElement.dataset.live = "up";
}

function waiting() {
  patience ??= setTimeout(() => {
    document.documentElement.dataset.live = "down";
    tabs.postMessage("room"); // browsers allow few streams at once: hidden tabs give theirs up
  }, PATIENCE);
}

function drop() {
  source?.close();
  source = null;
  clearTimeout(silence);
  clearTimeout(retry);
}

function lost() {
  drop();
  if (paused) return;
  waiting();
  const wait = Math.min(SLOWEST, 250 * 2 ** attempts++);
  retry = setTimeout(open, wait * (0.5 + Math.random() / 2)); // not everybody at once
}

async function ticket() {
  const answer = await fetch(ticketUrl, { headers: { Accept: "application/json" }, redirect: "manual" });
  if (answer.status >= 500) throw new Error("later");
  return answer.ok ? (await answer.json()).url : null; // null: nobody is signed in here any more
}

async function open() {
  drop();
  if (paused) return;
  waiting();
  try {
    url ||= await ticket();
  } catch {
    return lost();
  }
  if (paused || source || !url) return;
  const address = new URL(url, location.href);
  if (last) address.searchParams.set("last", last);
  else address.searchParams.set("age", Math.round(performance.now()));
  const stream = (source = new EventSource(address));
  let opened = false;
  stream.addEventListener("hello", (event) => {
    opened = true;
    heard(event);
    up();
  });
  stream.addEventListener("beat", heard);
  stream.addEventListener("change", (event) => {
    heard(event);
    const change = JSON.parse(event.data);
    const names = ["customer", "case", "place"].filter((key) => change[key]);
    gather([...names.map((key) => `live:${key}-${change[key]}`), "live:any"]);
  });
  stream.addEventListener("reload", (event) => {
    heard(event);
    setTimeout(() => gather(["live:reload", "live:any"]), Math.random() * 500);
  });
  stream.addEventListener("error", () => {
    if (stream !== source) return;
    if (!opened) url = null; // refused, perhaps: browsers do not say; a new ticket settles it
    lost();
  });
}

function pause() {
  paused = true;
  drop();
  clearTimeout(patience);
  patience = null;
}

function resume() {
  clearTimeout(hidden);
  if (!paused && source) return;
  paused = false;
  attempts = 0;
  open();
}

if (ticketUrl) {
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hidden = setTimeout(pause, HIDDEN);
    else resume();
  });
  tabs.addEventListener("message", () => document.hidden && pause());
  window.addEventListener("online", resume);
  window.addEventListener("pagehide", pause);
  window.addEventListener("pageshow", (event) => event.persisted && resume());
  open();
}
