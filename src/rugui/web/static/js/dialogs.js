// Native dialogs, opened and closed by attributes: data-open-dialog="id", data-close-dialog; a click beside it closes it.
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
  return dialog;
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-open-dialog]");
  if (opener) {
    event.preventDefault();
    opener.closest("[popover]")?.hidePopover();
    openDialog(opener.dataset.openDialog);
  } else if (event.target.closest?.("[data-close-dialog]")) {
    event.target.closest("dialog")?.close();
  } else if (event.target instanceof HTMLDialogElement && event.target.open) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

// A dialog that the server sends arrives closed: <dialog data-open-on-arrival>.
document.addEventListener("htmx:load", (event) => {
  const found = event.target.matches?.("dialog[data-open-on-arrival]") ? event.target : event.target.querySelector?.("dialog[data-open-on-arrival]");
  if (found && !found.open) found.showModal();
});
