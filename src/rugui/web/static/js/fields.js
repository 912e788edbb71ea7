// Small helps beside fields: show a password while typing it, copy a link shown once, propose this device's time zone.
for (const label of document.querySelectorAll("[data-show-field]")) {
  const field = document.getElementById(label.dataset.showField);
  const box = label.querySelector("input");
  if (!field || !box) continue;
  label.hidden = false;
  box.checked = false;
  box.addEventListener("change", () => { field.type = box.checked ? "text" : "password"; });
  field.form?.addEventListener("submit", () => { field.type = "password"; });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  if (!field) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // without https, browsers keep the clipboard from scripts but not from a selection
    }
    button.querySelector("span").textContent = button.dataset.copied;
  });
}

for (const field of document.querySelectorAll("[data-propose-zone]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (field.value === "UTC" && [...field.options].some((option) => option.value === zone)) field.value = zone;
}
