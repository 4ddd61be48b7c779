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
  if (atEnd || fresh.matches(".own, .only-you")) toStart(fresh);
  else newer.hidden = false;
}

export function swap(there, fresh) {
  if (there.outerHTML === fresh.outerHTML) return;
  const opened = new Set([...there.querySelectorAll(".fold[open] > summary")].map((summary) => summary.textContent));
  for (const summary of fresh.querySelectorAll(".fold > summary")) {
    if (opened.has(summary.textContent)) summary.parentElement.open = true;
  }
  const focused = there.contains(document.activeElement);
  there.replaceWith(fresh);
  if (!focused) return;
  fresh.tabIndex = -1;
  fresh.focus({ preventScroll: true });
}

function divide(fresh) {
  const before = fresh.previousElementSibling;
  if (before?.classList.contains("day") || before?.dataset.day === fresh.dataset.day) return;
  const line = document.createElement("li");
  line.className = "day";
  line.textContent = fresh.dataset.day;
  list.insertBefore(line, fresh);
}

// The end of the flow, or the beginning of a message that is taller than the window.
function toStart(message) {
  toEnd();
  const top = message.getBoundingClientRect().top - flow.getBoundingClientRect().top;
  if (top < 0) flow.scrollTop += top;
}

export function toEnd() {
  flow.scrollTop = flow.scrollHeight;
  newer.hidden = true;
}
