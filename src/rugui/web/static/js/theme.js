// Runs before anything is painted (a plain script in the head), so that a chosen theme never flashes.
(() => {
  const root = document.documentElement;
  const read = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage may be forbidden; then the system's preference holds
    }
  };
  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  apply(read());
  window.addEventListener("storage", (event) => {
    if (event.key === "theme") apply(event.newValue);
  });
})();
