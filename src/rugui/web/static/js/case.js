// The case page: composers that were sent are emptied, a step that was written folds up, a fresh link can be copied; and the
// whole walk goes by keyboard: `n` to what is next, Ctrl+Enter sends it (Ctrl+Shift+Enter: solved) and goes on to the next.
import { toast } from "./toast.js";

// Only what the form itself sent empties it: the look at an apology asks from within the form while somebody types.
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (!form.matches?.("form[data-clear]") || !event.detail.successful) return;
  for (const field of form.querySelectorAll("textarea")) field.value = "";
  for (const problem of form.querySelectorAll(".form-errors")) problem.replaceChildren();
});

document.addEventListener("htmx:load", (event) => {
  const made = event.target.closest?.(".link-made") ?? event.target.querySelector?.(".link-made");
  made?.scrollIntoView({ block: "nearest" });
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    toast({ text: button.dataset.copied });
  } catch {
    // The clipboard may be forbidden (a page without TLS): the address stays selected, to be copied by hand.
  }
});

// A step that was written down folds itself up again: what was written stands in the steps now.
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, successful, requestConfig } = event.detail;
  const fold = elt.closest?.("details.fold");
  if (!fold || !successful || requestConfig?.verb !== "post") return;
  fold.open = false;
  if (!goOn) fold.querySelector("summary").focus();
});

// A step that leads to a folded form opens it; whoever came by the keyboard goes on writing there.
let byKeyboard = false;
let goOn = false;

const field = (within) => within.querySelector("textarea:not([readonly]), input[type=radio], input[type=text], select");

function enter(target) {
  const first = field(target);
  if (first) {
    byKeyboard = false;
    first.focus();
    first.scrollIntoView({ block: "center" });
  }
}

function unfold() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (!target) return;
  if (target instanceof HTMLDetailsElement) target.open = true;
  if (byKeyboard) enter(target); // a form that is still to be fetched is entered when it is there
}

function next() {
  const link = document.querySelector("[data-next]");
  if (!link) return;
  byKeyboard = true;
  link.click();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.closest?.("[data-next], .step-title")) byKeyboard = true;
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.(".case form");
  if (!form) return;
  event.preventDefault();
  const second = event.shiftKey && form.querySelector("button[data-second]");
  const button = second || form.querySelector("button.is-primary") || form.querySelector("button:not([type=button])");
  if (!button) return;
  goOn = true;
  button.click(); // not requestSubmit: htmx sends the name of a button that was clicked
});

document.addEventListener("htmx:responseError", () => (goOn = false));
document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (!goOn || event.detail.target?.id !== "part-now") return;
  goOn = false;
  setTimeout(next); // once the other parts are in their places
});
document.addEventListener("htmx:load", (event) => {
  if (!byKeyboard) return;
  const fold = event.target.closest?.("details[open]");
  if (fold && `#${fold.id}` === location.hash) enter(fold);
});
document.addEventListener("pointerdown", () => (byKeyboard = goOn = false));
window.addEventListener("hashchange", unfold);
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  if (link && link.hash === location.hash) unfold();
});
document.addEventListener("case-next", next);
unfold();
