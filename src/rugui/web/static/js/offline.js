// The offline bar, and what makes this phone ready for it. live.js says "up" or "down" in <html data-live>; the browser
// knows about the network itself.
import "./offline-store.js";
import { toast } from "./toast.js";

const root = document.documentElement;
const bar = document.getElementById("offline");
const store = self.ruguiOffline;
const signedIn = document.getElementById("live") !== null;
const FRESH = 60_000; // whoever goes from page to page does not ask at each of them
const SPREAD = 4000; // not every phone at once
const SLOWEST = 60_000;
const SLOWEST_WAITING = 15_000; // while somebody's words are only on this phone
let attempts = 0;
let soon, again, meeting, next;
let heard = null; // what the house said a moment ago, until what waited then is sent
let heardAt = 0;

const announce = () => {
  if (!bar) return;
  const text = bar.querySelector("[data-words]");
  text.textContent = root.dataset.live === "down" ? text.dataset.words : "";
};

window.addEventListener("offline", () => (root.dataset.live = "down"));
window.addEventListener("online", () => (root.dataset.live = "up"));
new MutationObserver(announce).observe(root, { attributes: true, attributeFilter: ["data-live"] });
if (!navigator.onLine) root.dataset.live = "down";

const tell = (up) => document.dispatchEvent(new CustomEvent("offline:met", { detail: up }));

// Asks the house for today and sends what waits. One at a time, and once more after it for whoever asks meanwhile: so a line
// written down just now is sent too, and many that fail at once count as one failure.
export function meet() {
  if (!meeting) return (meeting = meetOnce().finally(() => { meeting = null; }));
  return (next ??= meeting.then(() => { next = null; return meet(); }));
}

// Tries again, more and more rarely, while the house does not answer. When it answered and only the sending failed, it is not asked
// anew: on a bad network half as many requests must come through.
async function meetOnce() {
  clearTimeout(again);
  try {
    const age = Date.now() - heardAt;
    if (!heard || age > FRESH || age < 0) {
      heard = null;
      heard = await store.contact();
      heardAt = Date.now();
      attempts = 0;
    }
    const told = heard;
    if (told) await store.send(told);
    heard = null;
    tell(true);
    if (told) again = setTimeout(meet, told.seconds * 1000);
    return told;
  } catch (error) {
    if (error.refused) heard = null;
    tell(false);
    const waiting = await store.waits().catch(() => false);
    const slowest = waiting ? SLOWEST_WAITING : SLOWEST;
    clearTimeout(again);
    again = setTimeout(meet, Math.min(slowest, 1000 * 2 ** attempts++) * (0.5 + Math.random() / 2));
    return undefined;
  }
}

function meetSoon() {
  soon ??= setTimeout(() => {
    soon = null;
    if (!document.hidden) meet();
  }, SPREAD * (0.5 + Math.random()));
}

export async function askToSendLater() {
  const worker = await navigator.serviceWorker?.getRegistration();
  try {
    await worker?.sync?.register("lines");
  } catch {
    // Not every browser sends in the background; an open page sends when the network is back.
  }
}

async function ready() {
  navigator.serviceWorker?.register("/sw.js").catch(() => undefined); // forbidden in some private windows
  const known = await store.facts();
  const waiting = await store.waits();
  const age = known ? Date.now() - known.at : Infinity;
  if (waiting || age > FRESH || age < 0 || known.language !== root.lang.toLowerCase()) await meet();
  else again = setTimeout(meet, known.seconds * 1000);
}

// A line that was sent off and never answered is kept under the key that it was sent with: taken once, whatever happened.
const capture = document.getElementById("capture");
let key = null;
capture?.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt !== capture) return;
  key = store.able ? crypto.randomUUID() : null;
  if (key) event.detail.parameters.key = key;
});
capture?.addEventListener("htmx:sendError", async (event) => {
  const field = document.getElementById("capture-text");
  const text = field.value.trim();
  if (event.detail.elt !== capture || !key || !text) return;
  event.stopPropagation(); // it is kept: nobody need be told that nothing was
  const customer = capture.elements.customer?.value ?? "";
  const called = capture.querySelector(".capture-about")?.dataset.called ?? "";
  try {
    await store.add({ key, text, customer, called });
  } catch {
    // The network went before the house was ever met on this page: the line stays where it was typed.
    toast({ text: document.getElementById("toasts")?.dataset.offline, broken: true });
    return;
  }
  field.value = "";
  toast({ text: bar?.dataset.kept });
  askToSendLater();
  meetSoon();
});

// Signing out forgets everything on this phone. What waits is sent first; what cannot be sent is asked about.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!store.able || new URL(form.action, location.href).pathname !== "/accounts/logout/" || form.dataset.done) return;
  event.preventDefault();
  const sent = await Promise.race([store.send().catch(() => false), new Promise((end) => setTimeout(end, 5000, false))]);
  const left = sent ? 0 : (await store.lines()).length;
  if (left && form.dataset.unsent && !window.confirm(form.dataset.unsent)) return;
  await store.forgetEverything();
  form.dataset.done = "1";
  form.submit();
});

if (store.able) {
  const begin = async () => {
    if (signedIn) await ready();
    else if (await store.facts()) await meet(); // signed out elsewhere: forgotten here
  };
  setTimeout(() => begin().catch(() => undefined), 300); // storage may be forbidden: then there is nothing to keep
  window.addEventListener("online", () => signedIn && meet());
  document.body.addEventListener("live:any", () => signedIn && meetSoon());
  document.addEventListener("visibilitychange", () => !document.hidden && signedIn && meetSoon());
}
