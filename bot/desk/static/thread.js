// The thread: each message is there once, by its id, in the order of the ids; a changed one takes the place of the old.

import { element } from "./sheet.js";

const [flow, list, newer] = ["#flow", "#messages", "#newer"].map((selector) => document.querySelector(selector));

export function put(html, edited = false) {
  const fresh = element(html);
  const there = fresh.id && document.getElementById(fresh.id);
  if (there) return swap(there, fresh);
  if (edited) return;
  const atEnd = flow.scrollHeight - flow.scrollTop - flow.clientHeight < 80;
  const id = Number(fresh.dataset.id);
  const later = id ? [...list.querySelectorAll("[data-id]")].find((message) => Number(message.dataset.id) > id) : null;
  list.insertBefore(fresh, later ?? null);
  divide(fresh);
  if (atEnd || fresh.matches(".own, .only-you")) return toStart(fresh);
  firstNew = newer.hidden ? fresh : firstNew;
  newer.hidden = false;
}

let firstNew = null; // of those that came while somebody read further up

export function swap(there, fresh) {
  if (there.outerHTML === fresh.outerHTML) return;
  const opened = new Set([...there.querySelectorAll(".fold[open] > summary")].map((summary) => summary.textContent));
  for (const summary of fresh.querySelectorAll(".fold > summary")) {
    if (opened.has(summary.textContent)) summary.parentElement.open = true;
  }
  const focused = there.contains(document.activeElement) ? document.activeElement : null;
  there.replaceWith(fresh);
  if (there === firstNew) firstNew = fresh;
  if (focused) focusAgain(fresh, focused);
}

// The focus stays on the button that was pressed, such as the one to the next page, or on the message when it has gone.
function focusAgain(fresh, { dataset, textContent }) {
  const buttons = [...fresh.querySelectorAll("[data-action]")];
  const alike = buttons.filter((button) => button.dataset.action === dataset.action && button.textContent === textContent);
  const same = alike.find((button) => button.dataset.value === dataset.value) ?? (alike.length === 1 ? alike[0] : null);
  if (!same) fresh.tabIndex = -1;
  (same ?? fresh).focus({ preventScroll: true });
}

function divide(fresh) {
  const before = fresh.previousElementSibling;
  if (before?.classList.contains("day") || before?.dataset.day === fresh.dataset.day) return;
  const line = document.createElement("li");
  line.className = "day";
  line.textContent = fresh.dataset.day;
  list.insertBefore(line, fresh);
}

const MARGIN = 12; // pixels between the top of the window and a message that begins there

// The end of the flow, or the beginning of a message that is taller than the window.
function toStart(message) {
  flow.scrollTop = flow.scrollHeight;
  const top = message.getBoundingClientRect().top - flow.getBoundingClientRect().top - MARGIN;
  if (top < 0) flow.scrollTop += top;
  newer.hidden = true;
}

export function toLast() {
  if (list.lastElementChild) toStart(list.lastElementChild);
}

export function toNew() {
  toStart(firstNew.isConnected ? firstNew : list.lastElementChild);
}
