// The keys that mean something wherever the focus is.

/** `acts` are functions by key; `go()` goes to the next stage of the sale, `finish()` finishes it, `leave()` goes back
 *  to the goods, and `type()` takes what was typed into nothing in particular. `stage()` is the pane on the screen. */
export function listenToKeys({ acts, stage, isSending, go, finish, leave, type }) {
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const isPaying = stage() === "pay";
    if (document.querySelector("dialog[open]")) return;
    if (event.repeat && (key === "Enter" || key === "F2")) {
      event.preventDefault(); // a key held down after a sale would take its change from sight
    } else if (key === "F2" || (key === "Enter" && event.ctrlKey)) {
      event.preventDefault();
      go();
    } else if (event.defaultPrevented) {
      return;
    } else if (acts[key] && !isHeld(event) && !(key.length === 1 && hasText(target))) {
      event.preventDefault();
      acts[key]();
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

const isHeld = ({ ctrlKey, altKey, metaKey }) => ctrlKey || altKey || metaKey;

/** Whether a character belongs to what is being typed: only an empty search box gives it away. */
const hasText = (target) => target.matches("input, select, textarea") && (target.id !== "find" || target.value !== "");

/** Whether a key was typed into nothing in particular, by a person or a scanner. */
const isTyping = (event) =>
  event.key.length === 1 &&
  event.key !== " " &&
  !isHeld(event) &&
  !event.target.matches("input, select, textarea");
