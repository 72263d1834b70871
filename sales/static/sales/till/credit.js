// What a customer owes and may owe, in words, and the day by which a debt is paid.

import { button, tell } from "./elements.js";
import * as money from "./money.js";

/** How a customer stands, with so many cents more `onAccount`: a line, and what speaks against it. */
export function standing({ balance, credit_limit: limit }, onAccount = 0) {
  const owed = signed(balance);
  const most = money.parse(limit) ?? 0;
  const left = most - owed;
  const line = [owed > 0 ? `Owes ${money.show(owed)}` : "Owes nothing"];
  if (owed < 0) line[0] = `Has ${money.show(-owed)} to their credit`;
  if (most) line.push(`may owe ${money.show(most)}`, left > 0 ? `${money.show(left)} left` : "nothing left");
  else line.push(left > 0 ? "cash only beyond that" : "cash only");
  let problem = "";
  if (onAccount && onAccount > left)
    problem = most
      ? `${money.show(onAccount)} on account is ${money.show(onAccount - Math.max(0, left))} more than the limit leaves.`
      : "This customer has no credit limit, so nothing goes on account.";
  return { line: line.join(" · "), problem };
}

const signed = (balance) => (balance.startsWith("-") ? -(money.parse(balance.slice(1)) ?? 0) : (money.parse(balance) ?? 0));

/** The field for the day; its presets are Tonight, a week and the month's end. */
export function dueField(root) {
  const box = root.querySelector("input");
  const days = presets();
  const chips = Object.entries(days).map(([text, day]) =>
    button(text, () => set(box.value === day ? "" : day), { class: "chip" }),
  );
  root.querySelector(".due-presets").append(...chips);
  box.addEventListener("input", () => set(box.value));

  function set(day) {
    box.value = day;
    Object.values(days).forEach((each, at) => chips[at].setAttribute("aria-pressed", String(each === day)));
    tell(root.querySelector(".field-note"));
  }

  return {
    /** Choose this day; "" for none. */
    set,
    /** The chosen day; "" leaves it to the shop. */
    day: () => (root.hidden ? "" : box.value),
    render(isOnAccount, complaint) {
      root.hidden = !isOnAccount;
      tell(root.querySelector(".field-note"), complaint);
    },
  };
}

/** The days that people agree on, by their names. */
export function presets(now = new Date()) {
  const at = (month, day) => isoDay(new Date(now.getFullYear(), month, day));
  return {
    Tonight: at(now.getMonth(), now.getDate()),
    "In a week": at(now.getMonth(), now.getDate() + 7),
    "Month’s end": at(now.getMonth() + 1, 0),
  };
}

const isoDay = (day) =>
  [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
