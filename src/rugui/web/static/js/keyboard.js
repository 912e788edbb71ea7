// Keys: `/` capture, Ctrl/Cmd+K find, `?` help, `n` what is next on a case, `g` and a letter to go somewhere.
// Single keys can be switched off in the help dialog (people who speak to their device need that).
import { capture } from "./capture.js";
import { openDialog } from "./dialogs.js";
import { findAnything } from "./palette.js";

const toggle = document.getElementById("single-keys");
let waiting = false;

function allowed() {
  try {
    return localStorage.getItem("single-keys") !== "off";
  } catch {
    return true;
  }
}

if (toggle) {
  toggle.checked = allowed();
  toggle.addEventListener("change", () => {
    try {
      localStorage.setItem("single-keys", toggle.checked ? "on" : "off");
    } catch {
      // Storage may be forbidden: the switch then has no memory.
    }
  });
}

const writing = (element) => element.closest?.("input, textarea, select, [contenteditable], dialog[open]");

function go(letter) {
  document.querySelector(`[data-go="${CSS.escape(letter)}"]`)?.click();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    findAnything();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target) || !allowed()) return;
  if (waiting) {
    waiting = false;
    go(event.key.toLowerCase());
  } else if (event.key === "/") {
    event.preventDefault();
    capture();
  } else if (event.key === "?") {
    event.preventDefault();
    openDialog("help-keys");
  } else if (event.key === "n" && document.querySelector("[data-next]")) {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("case-next"));
  } else if (event.key === "g") {
    waiting = true;
    setTimeout(() => (waiting = false), 1500);
  }
});
