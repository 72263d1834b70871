// What the till has to say about the whole sale, above its buttons.

import { tell } from "./elements.js";

/** `say()` without words takes the last ones back. */
export function noticeBar(root) {
  const notice = root.querySelector(".problem");

  function say(text = "", link = null) {
    tell(notice, text);
    if (!link) return;
    const { href, text: words } = link;
    notice.append(" ", Object.assign(document.createElement("a"), { href, textContent: words }));
  }

  return {
    say,
    loggedOut(text) {
      say(`You are logged out. ${text}`, {
        href: `${root.dataset.login}?next=${encodeURIComponent(location.pathname)}`,
        text: "Log in again",
      });
    },
  };
}
