// The capture bar: `/` goes there, Escape leaves, a note that was taken clears the line for the next.
const form = document.getElementById("capture");
const field = document.getElementById("capture-text");
const result = document.getElementById("capture-result");

export function capture() {
  field?.focus();
}

form?.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt !== form || !event.detail.successful) return;
  field.value = "";
});
form?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  result.replaceChildren();
  field.blur();
});
// An input method ends a Chinese word with Enter; that must not send the line.
field?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
});
