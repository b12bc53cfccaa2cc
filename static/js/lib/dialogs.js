// Dialogs and the keyboard.

/**
 * Hear a dialog's keys while it is open. Between its closing and the next painting the focus is still inside:
 * a key pressed that fast is the page's, and must reach it.
 * @param {HTMLDialogElement} dialog
 * @param {(event: KeyboardEvent) => void} hear
 */
export function hearKeys(dialog, hear) {
  dialog.addEventListener("keydown", (event) => {
    if (dialog.open) hear(event);
  });
}
