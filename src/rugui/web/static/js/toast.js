// Toasts: the server sends `HX-Trigger: {"toast": {"text": …, "undo": url}}`; undo is one tap, in place.
const region = document.getElementById("toasts");
const pattern = document.getElementById("toast-pattern");
const MILLISECONDS = 8000;

export function toast({ text, undo = null, broken = false }) {
  if (!region || !pattern || !text) return;
  const element = pattern.content.firstElementChild.cloneNode(true);
  element.querySelector(".toast-text").textContent = text;
  element.classList.toggle("is-broken", broken);
  const button = element.querySelector(".toast-undo");
  if (undo) {
    button.addEventListener("click", () => {
      window.htmx.ajax("POST", undo, { source: document.body, swap: "none" });
      element.remove();
    });
  } else button.remove();
  element.querySelector(".toast-close").addEventListener("click", () => element.remove());
  // Of those that only say "done" the last one is enough; what can be undone, and what went wrong, stays.
  for (const before of region.querySelectorAll(".toast:not(.is-broken, :has(.toast-undo))")) before.remove();
  region.append(element);
  while (region.children.length > 3) region.firstElementChild.remove();

  // It waits for as long as somebody is on it, and an offer to undo stays longer.
  let timer;
  const start = () => (timer = setTimeout(() => element.remove(), undo ? MILLISECONDS * 2 : MILLISECONDS));
  const stop = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) element.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) element.addEventListener(name, start);
  start();
}

// What the server refuses says why, in the page's language, inside [data-refusal].
function refusal(html) {
  return new DOMParser().parseFromString(html, "text/html").querySelector("[data-refusal]")?.textContent.trim();
}

document.body.addEventListener("toast", (event) => toast(event.detail));
document.body.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (xhr.status === 401 || xhr.getResponseHeader("HX-Redirect")) return;
  toast({ text: refusal(xhr.responseText) || region?.dataset.failed, broken: true });
});
document.body.addEventListener("htmx:sendError", () => toast({ text: region?.dataset.offline, broken: true }));
