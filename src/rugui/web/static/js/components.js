// The component page only: lets its examples be tried.
import { toast } from "./toast.js";

document.addEventListener("click", (event) => {
  const words = event.target.closest?.("[data-example-toast]");
  if (words) toast({ text: words.dataset.exampleToast, undo: "#" });
  const tick = event.target.closest?.("[data-press]");
  if (tick) {
    const pressed = tick.getAttribute("aria-pressed") !== "true";
    tick.setAttribute("aria-pressed", String(pressed));
    tick.closest(".row").classList.toggle("is-done", pressed);
  }
});
