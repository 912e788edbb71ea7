// The offline bar. live.js says "up" or "down" in <html data-live>; the browser knows about the network itself.
const root = document.documentElement;
const bar = document.getElementById("offline");
const announce = () => {
  if (!bar) return;
  const text = bar.querySelector("[data-words]");
  text.textContent = root.dataset.live === "down" ? text.dataset.words : "";
};

window.addEventListener("offline", () => (root.dataset.live = "down"));
window.addEventListener("online", () => (root.dataset.live = "up"));
new MutationObserver(announce).observe(root, { attributes: true, attributeFilter: ["data-live"] });
if (!navigator.onLine) root.dataset.live = "down";
