// The capture bar: `/` goes there, Escape leaves, a note that was taken clears the line for the next.
const form = document.getElementById("capture");
const field = document.getElementById("capture-text");
const result = document.getElementById("capture-result");
const understood = document.getElementById("capture-understood");

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
  understood.replaceChildren();
  field.blur();
});
// While it is still asked whom the line is about, what was corrected on the chips waits with it.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === result && !result.querySelector("#capture-whom")) understood?.replaceChildren();
});
// An input method ends a Chinese word with Enter; that must not send the line.
field?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) event.preventDefault();
});
