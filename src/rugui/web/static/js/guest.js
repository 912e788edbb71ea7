// The customer's own page: looks again by itself. While the live stream is up it says when; without it, every five seconds.
const root = document.documentElement;
const SECONDS = { up: 60, down: 5 };
let last = Date.now();

setInterval(() => {
  if (document.hidden) return;
  const pause = root.dataset.live === "up" ? SECONDS.up : SECONDS.down;
  if (Date.now() - last < pause * 1000) return;
  last = Date.now();
  document.body.dispatchEvent(new CustomEvent("look"));
}, 1000);

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) document.body.dispatchEvent(new CustomEvent("look"));
});

// Sent twice by an impatient finger it would still be one message; the button only says that it is on its way.
document.querySelector(".composer")?.addEventListener("submit", (event) => {
  const button = event.target.querySelector("button");
  setTimeout(() => (button.disabled = true));
  window.addEventListener("pageshow", () => (button.disabled = false), { once: true });
});
