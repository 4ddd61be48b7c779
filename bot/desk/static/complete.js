// Completion: while "/" is typed, the commands that this person may use. Arrows choose one, Enter or Tab takes it, Escape
// closes the list. A box of several lines cannot be a combobox, so it says which option is chosen and how many there are.

const [box, list, said] = ["#text", "#commands", "#offered"].map((selector) => document.querySelector(selector));
const MOST = 6; // fits a phone beside its keyboard, so that the list needs no scrolling
const commands = [...list.children].map((option, number) => {
  option.id = `command-${number}`;
  const line = option.querySelector("b").textContent;
  return { option, line, words: ` ${option.textContent.toLowerCase()}` };
});
let offered = [];
let chosen = -1;

// Offers what begins like the line, then what has a word that begins like it.
export function offer() {
  const typed = box.value.toLowerCase();
  const begins = commands.filter(({ line }) => line.startsWith(typed));
  const has = commands.filter((command) => typed.length > 2 && !begins.includes(command) && command.words.includes(` ${typed.slice(1)}`));
  const isWhole = begins.length === 1 && begins[0].line === typed;
  put(typed.startsWith("/") && !isWhole ? [...begins, ...has].slice(0, MOST) : []);
}

export function close() {
  put([]);
}

function put(found) {
  offered = found;
  list.replaceChildren(...offered.map(({ option }) => option));
  list.hidden = !offered.length;
  said.textContent = offered.length ? `${offered.length} ${offered.length === 1 ? "command" : "commands"}: arrows choose, Enter takes.` : "";
  choose(-1);
}

function choose(number) {
  chosen = number;
  offered.forEach(({ option }, at) => option.setAttribute("aria-selected", String(at === chosen)));
  if (chosen < 0) box.removeAttribute("aria-activedescendant");
  else box.setAttribute("aria-activedescendant", offered[chosen].option.id);
}

function take({ line }) {
  box.value = `${line} `;
  box.dispatchEvent(new Event("input"));
}

// Whether a key was meant for the list.
export function chooses(event) {
  if (!offered.length || event.isComposing || event.shiftKey) return false;
  if (event.key === "ArrowDown") choose((chosen + 1) % offered.length);
  else if (event.key === "ArrowUp") choose(chosen > 0 ? chosen - 1 : offered.length - 1);
  else if (event.key === "Escape") close();
  else if (chosen >= 0 && (event.key === "Enter" || event.key === "Tab")) take(offered[chosen]);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

box.addEventListener("blur", close);
list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
list.addEventListener("click", ({ target }) => {
  const option = target.closest("[role=option]");
  if (option) take(commands.find((command) => command.option === option));
});
