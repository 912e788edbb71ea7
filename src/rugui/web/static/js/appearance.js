// The theme switch: system, light or dark. theme.js applies the choice before the first paint.
const root = document.documentElement;
const buttons = () => document.querySelectorAll("[data-set-theme]");

function show() {
  const current = root.dataset.theme ?? "system";
  for (const button of buttons()) button.setAttribute("aria-pressed", String(button.dataset.setTheme === current));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-set-theme]");
  if (!button) return;
  const theme = button.dataset.setTheme;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Storage may be forbidden: the choice then lasts as long as this page.
  }
  show();
});
show();
