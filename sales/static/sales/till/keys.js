// The keys that mean something wherever the focus is.

/** `does` holds what each does: `go()` to the next stage of the sale, `finish()` it, `leave()` to the goods, and
 *  `type()` what was typed into nothing in particular. `stage()` is the pane on the screen. */
export function listenToKeys({ stage, isSending, go, finish, leave, type }) {
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const isPaying = stage() === "pay";
    if (event.repeat && (key === "Enter" || key === "F2")) {
      event.preventDefault(); // a key held down after a sale would take its change from sight
    } else if (key === "F2" || (key === "Enter" && event.ctrlKey)) {
      event.preventDefault();
      go();
    } else if (event.defaultPrevented) {
      return;
    } else if (key === "Escape" && !isSending()) {
      leave();
    } else if (key === "Enter" && isPaying && target.matches("input")) {
      event.preventDefault();
      finish();
    } else if (isTyping(event) && !isPaying) {
      type();
    }
  });
}

/** Whether a key was typed into nothing in particular, by a person or a scanner. */
const isTyping = ({ key, ctrlKey, altKey, metaKey, target }) =>
  key.length === 1 && key !== " " && !ctrlKey && !altKey && !metaKey && !target.matches("input, select, textarea");
