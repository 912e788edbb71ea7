// Find anything: a combobox (WAI-ARIA) whose options are links that the server sends.
import { openDialog } from "./dialogs.js";

const dialog = document.getElementById("palette");
const field = document.getElementById("palette-text");
const list = document.getElementById("palette-list");
const none = document.getElementById("palette-none");
const first = list?.innerHTML ?? "";

const options = () => [...list.querySelectorAll('[role="option"]')];

function select(option) {
  for (const each of options()) each.setAttribute("aria-selected", String(each === option));
  if (option) {
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else field.removeAttribute("aria-activedescendant");
}

function arrived() {
  options().forEach((option, index) => {
    option.id ||= `found-${index}`;
    option.tabIndex = -1;
  });
  none.hidden = options().length > 0;
  select(options()[0]);
}

function move(step) {
  const all = options();
  if (!all.length) return;
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  select(all[(at + step + all.length) % all.length]);
}

export function findAnything() {
  if (!dialog) return;
  openDialog("palette");
  field.select();
  arrived();
}

field?.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    list.querySelector('[aria-selected="true"]')?.click();
  }
});
field?.addEventListener("input", () => {
  if (field.value.trim()) return;
  list.innerHTML = first; // our own markup, taken from this page when it opened
  arrived();
});
list?.addEventListener("htmx:afterSwap", () => {
  if (!field.value.trim()) list.innerHTML = first;
  arrived();
});
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-open-palette]")) findAnything();
});
