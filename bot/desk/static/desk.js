// The desk in the browser: sends what a person does, shows what the server renders, and never loses what was typed.

import { chooses, close, offer } from "./complete.js";
import { agreed, closeSheet, element, openForm, sheet } from "./sheet.js";
import { put, swap, toLast, toNew } from "./thread.js";

const { as: me, in: here, newest } = document.body.dataset;
const find = (selector) => document.querySelector(selector);
const [box, notice, connection] = ["#text", "#notice", "#connection"].map(find);

// What this window remembers of one person: the last message it knows of, what is unread, lines and drafts.
const shelf = `cityops desk ${me}`;
const memory = { last: Number(newest), unread: {}, lines: [], drafts: {}, ...JSON.parse(sessionStorage.getItem(shelf) ?? "{}") };
if (memory.last > Number(newest)) memory.last = Number(newest); // another database than before
const remember = () => sessionStorage.setItem(shelf, JSON.stringify(memory));

async function send(path, what) {
  const body = JSON.stringify({ as: me, in: here, key: crypto.randomUUID(), ...what });
  let response;
  try {
    response = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  } catch {
    throw new Error("The desk cannot be reached at the moment. Nothing you wrote is lost; please try again.");
  }
  if (!response.ok) throw new Error((await response.text()) || "The desk could not do that. Please try again.");
  return response.json();
}

function show(answer, source, line = "") {
  notice.textContent = "";
  if (answer.form) return ask(answer.form, source, line);
  opener = "";
  closeSheet();
  if (answer.instead && source?.isConnected) swap(source, element(answer.instead));
  else if (answer.instead) put(answer.instead);
  answer.said.forEach((html) => put(html));
}

// Typing.

let unsent = { text: "", key: "" }; // a line that is sent again keeps its key, so that it is done once
let refused = ""; // a line that did not work stays in the box, to be mended

// Says a line; false when it did not work.
async function say(text) {
  if (unsent.text !== text) unsent = { text, key: crypto.randomUUID() };
  const answer = await send("/desk/say", unsent);
  unsent = { text: "", key: "" };
  show(answer, null, text);
  return answer.ok !== false;
}

function write(text) {
  box.value = text;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight}px`;
  memory.drafts[here] = text;
  remember();
}

let sending = false;
let waiting = false; // somebody pressed Enter on the next line before the last one was answered

async function submitLine(event) {
  event?.preventDefault();
  const text = box.value.trim();
  waiting = sending;
  if (!text || sending) return;
  sending = true;
  memory.lines = [...memory.lines.filter((line) => line !== text), text].slice(-50);
  recalled = 0;
  close();
  try {
    const worked = await say(text);
    const isThere = box.value.trim() === text;
    refused = worked || !isThere ? "" : text;
    if (worked && isThere) write("");
    if (refused) recalled = 1; // the up arrow goes on from it
    if (refused) box.select();
  } catch (problem) {
    notice.textContent = problem.message;
    waiting = false;
  }
  sending = false;
  if (waiting) submitLine();
}

let recalled = 0; // how many lines back the up arrow has gone

function keyInBox(event) {
  if (chooses(event)) return;
  const recalling = recalled && box.value === memory.lines.at(-recalled);
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    find("#say").requestSubmit();
  } else if (event.key === "ArrowUp" && (!box.value || recalling) && recalled < memory.lines.length) {
    event.preventDefault();
    write(memory.lines.at(-(recalled += 1)));
  } else if (event.key === "ArrowDown" && recalling) {
    event.preventDefault();
    write((recalled -= 1) ? memory.lines.at(-recalled) : "");
  }
}

// Buttons and forms.

async function press(button) {
  if (button.getAttribute("aria-busy") === "true") return;
  const { action, value, confirm, say: line } = button.dataset;
  if (confirm && !(await agreed(confirm, button))) return;
  const source = button.closest(".message");
  button.setAttribute("aria-busy", "true");
  try {
    if (line) await say(line);
    else await pressed({ action, value, message: Number(source.dataset.id) || null }, source);
  } catch (problem) {
    notice.textContent = problem.message;
  }
  button.removeAttribute("aria-busy");
}

async function pressed(what, source) {
  const mends = what.action === "say" && refused && box.value.trim() === refused; // a suggestion for the line in the box
  const answer = await send("/desk/press", what);
  show(answer, source, mends ? refused : "");
  if (mends && answer.ok !== false) write("");
}

// An entry of a message's menu.
async function makeOf(button) {
  const message = Number(button.closest(".message").dataset.id);
  button.closest("details").open = false;
  try {
    show(await send("/desk/from-message", { command: button.dataset.fromMessage, message }));
  } catch (problem) {
    notice.textContent = problem.message;
  }
}

let asked = null; // the message whose button opened the form
let opener = ""; // the line that opened it, which is given back when the form is left and not sent

function ask(html, source, line) {
  asked = source ?? null;
  opener = line || opener;
  openForm(html);
}

function giveBack() {
  if (opener && !box.value) write(opener);
  opener = "";
}

async function submitForm(event) {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("[type=submit]");
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  const { target, nonce } = form.dataset;
  const values = Object.fromEntries(new FormData(form));
  try {
    show(await send("/desk/submit", { target, nonce, values, message: Number(asked?.dataset.id) || null }), asked);
  } catch (problem) {
    form.querySelector(".wrong")?.remove();
    form.querySelector(".buttons").before(element('<p class="wrong" role="alert"></p>'));
    form.querySelector(".wrong").textContent = problem.message;
  }
  button.removeAttribute("aria-busy");
}

// What others do: server-sent events while the window is seen (a browser opens only six of them to one server).

let events = null;
let wasAway = false;

function listen() {
  events?.close();
  events = new EventSource(`/desk/events?${new URLSearchParams({ as: me, after: memory.last })}`);
  events.addEventListener("open", () => {
    connection.textContent = "";
    if (wasAway) readAgain();
    wasAway = false;
  });
  events.addEventListener("error", () => {
    wasAway = true;
    connection.textContent = "The connection was lost. I keep trying; what you typed stays here.";
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
  events.addEventListener("read-again", readAgain);
  events.addEventListener("message", (event) => hear(JSON.parse(event.data)));
}

function hear({ id, channel, edited, html }) {
  const isNew = !edited && id > memory.last;
  if (channel === here) put(html, edited);
  else if (isNew) memory.unread[channel] = (memory.unread[channel] ?? 0) + 1;
  memory.last = Math.max(memory.last, id);
  remember();
  if (channel !== here && !find(`[data-channel="${CSS.escape(channel)}"]`)) readAgain();
  countUnread();
}

async function readAgain() {
  try {
    const response = await fetch(`/desk/channel?${new URLSearchParams({ as: me, in: here })}`);
    if (!response.ok) throw new Error();
    const { nav, messages } = await response.json();
    find("nav").innerHTML = nav;
    messages.forEach((html) => put(html));
    countUnread();
  } catch {
    wasAway = true;
  }
}

function countUnread() {
  const badges = [...document.querySelectorAll("nav [data-channel]")].map((link) => [link, memory.unread[link.dataset.channel] ?? 0]);
  const total = badges.reduce((sum, [, count]) => sum + count, 0);
  for (const [place, count] of [...badges, [find("#menu"), total]]) {
    const badge = place.querySelector(".unread");
    badge.hidden = !count;
    badge.replaceChildren(String(count), element('<span class="unseen"> unread</span>'));
  }
  document.title = document.title.replace(/^(\(\d+\) )?/, total ? `(${total}) ` : "");
}

function leaveSheet(button) {
  if (button.closest(".leaving")) opener = ""; // thrown away, as was asked
  closeSheet();
}

function closeEntries(besides) {
  for (const menu of document.querySelectorAll(".entries[open]")) if (menu !== besides) menu.open = false;
}

function toggleMenu(open) {
  document.body.classList.toggle("menu-open", open);
  find("#menu").setAttribute("aria-expanded", String(open));
}

find("#say").addEventListener("submit", submitLine);
box.addEventListener("keydown", keyInBox);
box.addEventListener("input", () => {
  write(box.value);
  offer();
});
sheet.addEventListener("submit", submitForm);
sheet.addEventListener("close", giveBack);
find("#newer").addEventListener("click", toNew);
find("#menu").addEventListener("click", () => toggleMenu(!document.body.classList.contains("menu-open")));
find("#who").addEventListener("change", ({ target }) => {
  const address = new URLSearchParams({ as: target.value, ...(here.startsWith("dm:") ? {} : { in: here }) });
  location.assign(`/?${address}`);
});
document.addEventListener("click", (event) => {
  const { target } = event;
  const place = target.closest("a[data-place]");
  if (place) {
    event.preventDefault();
    location.assign(`/?${new URLSearchParams({ as: me, in: place.dataset.place })}`);
  }
  const button = target.closest("button");
  closeEntries(target.closest(".entries"));
  if (button?.matches("[data-cancel]")) leaveSheet(button);
  else if (button?.matches("[data-from-message]")) makeOf(button);
  else if (button?.matches("[data-action], [data-say]")) press(button);
});
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || sheet.open) return;
  toggleMenu(false);
  closeEntries();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) events?.close();
  else listen();
  wasAway = true;
});

delete memory.unread[here];
remember();
write(memory.drafts[here] ?? "");
toLast();
if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
countUnread();
listen();
if (matchMedia("(pointer: fine)").matches) box.focus();
