// What is true until a moment known beforehand (a place closes, a day ends) is fetched again then: the element says the
// moment as `data-renew-at`, and the page listens for `renew` on its body.
import { houseNow } from "./ring.js";

const AFTER = 1000; // this device's idea of the house's clock may be a little early
const SPREAD = 3000; // not every screen at once

function look() {
  const past = houseNow() - AFTER;
  for (const element of document.querySelectorAll("[data-renew-at]")) {
    if (past < Number(element.dataset.renewAt)) continue;
    element.removeAttribute("data-renew-at");
    setTimeout(() => document.body.dispatchEvent(new CustomEvent("renew")), Math.random() * SPREAD);
  }
}

setInterval(() => document.hidden || look(), 1000);
document.addEventListener("visibilitychange", () => document.hidden || look());
