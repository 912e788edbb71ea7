// Ring timers: each `.ring[data-due]` empties once a second, by the house's clock rather than this device's.
const root = document.documentElement;
const words = document.getElementById("words")?.dataset ?? {};
const plural = new Intl.PluralRules(root.lang || "en");
const offset = Number(root.dataset.now || Date.now()) - Date.now();
const MINUTE = 60, HOUR = 3600, DAY = 86400;

export const houseNow = () => Date.now() + offset;

function phrase(unit, count) {
  const form = plural.select(count) === "one" ? "One" : "Many";
  return (words[unit + form] ?? "").replace("{n}", count);
}

// The same words as `in_words` in web/tags.py.
function span(seconds) {
  if (seconds < MINUTE) return words.moment ?? "";
  if (seconds < 90 * MINUTE) return phrase("minutes", Math.floor(seconds / MINUTE));
  if (seconds < 2 * DAY) return phrase("hours", Math.floor(seconds / HOUR));
  return phrase("days", Math.floor(seconds / DAY));
}

function clock(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / HOUR);
  const rest = `${two(Math.floor((seconds % HOUR) / MINUTE))}:${two(seconds % MINUTE)}`;
  return hours ? `${hours}:${rest}` : rest;
}

function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function draw(ring, now) {
  const made = Number(ring.dataset.made), due = Number(ring.dataset.due);
  const left = Math.floor((due - now) / 1000);
  const share = Math.min(1, Math.max(0, (due - now) / Math.max(1, due - made)));
  const phase = left < 0 ? "broken" : share <= 0.25 ? "soon" : "calm";
  if (ring.dataset.phase !== phase) ring.dataset.phase = phase;
  ring.querySelector(".ring-left")?.setAttribute("stroke-dashoffset", (100 - share * 100).toFixed(1));
  const text = (left < 0 ? words.late : words.left ?? "{span}").replace("{span}", span(Math.abs(left)));
  setText(ring.querySelector(".ring-words"), text);
  setText(ring.querySelector(".ring-clock"), left < 0 ? `−${clock(-left)}` : clock(left));
}

function tick() {
  const now = houseNow();
  // A settled promise stands still; only what runs is drawn again.
  for (const ring of document.querySelectorAll('.ring[data-state="open"]')) draw(ring, now);
}

tick();
setInterval(() => document.hidden || tick(), 1000);
document.addEventListener("visibilitychange", tick);
document.addEventListener("htmx:load", tick);
