// The case page: composers that were sent are emptied, a step that was written folds up, a fresh link can be copied.
import { toast } from "./toast.js";

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest?.("form[data-clear]");
  if (!form || !event.detail.successful) return;
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
  fold.querySelector("summary").focus();
});

// A step that leads to a folded form opens it.
function unfold() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
}
window.addEventListener("hashchange", unfold);
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  if (link && link.hash === location.hash) unfold();
});
unfold();
