// Small ways to make and change elements.

/** A copy of a <template>'s only element. */
export const copy = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

/** A button that is no submit button. */
export function button(text, onClick, attributes = {}) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.addEventListener("click", onClick);
  return element;
}

/** Show a sentence in an element that is hidden while it has nothing to say. */
export function tell(element, text = "") {
  element.textContent = text;
  element.hidden = !text;
}

/** Make `parent` show one element per item, in order. What stays is kept, and with it the focus. */
export function sync(parent, items, { key, create, update }) {
  const kept = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  items.forEach((item, at) => {
    const name = String(key(item));
    const element = kept.get(name) ?? create(item);
    kept.delete(name);
    element.dataset.key = name;
    update(element, item);
    if (parent.children[at] !== element) parent.insertBefore(element, parent.children[at] ?? null);
  });
  for (const element of kept.values()) element.remove();
}

/** A button that acts at its second press only: the first one makes it ask, for a while. */
export function sure(element, question) {
  const words = element.textContent;
  let timer = 0;
  const calm = () => {
    clearTimeout(timer);
    timer = 0;
    element.textContent = words;
  };
  const ask = (event) => {
    if (timer) return calm();
    event.stopImmediatePropagation();
    element.textContent = question;
    timer = setTimeout(calm, 4000);
  };
  element.addEventListener("click", ask, { capture: true });
  return element;
}
