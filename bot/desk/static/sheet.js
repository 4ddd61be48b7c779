// The sheet: the one dialog of the desk, for forms and for questions asked before a button is believed.

export const sheet = document.querySelector("#sheet");

export function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.firstElementChild;
}

export function closeSheet() {
  if (sheet.open) sheet.close();
}

// Escape, or a phone's way back, throws away nothing that was filled in without asking.

let untouched = { nonce: "", filled: "" }; // the form as it was first shown; shown again with errors, it is the same one

const filledIn = (form) => JSON.stringify([...new FormData(form)]);

function leave(event) {
  const form = sheet.querySelector("form[data-nonce]");
  if (!form || filledIn(form) === untouched.filled) return;
  event.preventDefault();
  if (form.querySelector(".leaving")) return stay();
  before = document.activeElement;
  form.querySelector(".buttons").hidden = true;
  form.append(element('<div class="buttons leaving" role="alert"><p>None of this is saved yet. Throw it away?</p>' +
    '<button type="button" class="primary" data-stay>Keep filling in</button>' +
    '<button type="button" class="danger" data-cancel>Throw away</button></div>'));
  form.querySelector("[data-stay]").focus();
}

let before = null; // what had the focus before the question

function stay() {
  sheet.querySelector(".leaving").remove();
  sheet.querySelector(".buttons").hidden = false;
  before.focus();
}

// A browser lets a page refuse only the first of two Escapes in a row, so the key itself is caught.
sheet.addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && leave(event));
sheet.addEventListener("cancel", leave);
sheet.addEventListener("click", ({ target }) => target.closest("[data-stay]") && stay());

function open(form, labelledBy) {
  sheet.replaceChildren(form);
  sheet.setAttribute("aria-labelledby", labelledBy);
  if (!sheet.open) sheet.showModal();
}

// Shows a form that the server rendered; the first field that is wrong, or else needed and empty, takes the focus.
export function openForm(html) {
  const form = element(html);
  open(form, "form-title");
  if (form.dataset.nonce !== untouched.nonce) untouched = { nonce: form.dataset.nonce, filled: filledIn(form) };
  const hasOther = (field) => field.type === "radio" && !field.checked && form.elements[field.name].value;
  const fields = [...form.querySelectorAll("input, textarea, select")].filter((field) => !hasOther(field));
  const wrong = form.querySelector("[aria-invalid=true]");
  const first = wrong?.matches("fieldset") ? wrong.querySelector(":checked") ?? wrong.querySelector("input") : wrong;
  const isOpen = (field) => (field.type === "radio" ? !form.elements[field.name].value : !field.value);
  const needed = fields.find((field) => field.closest("[aria-required=true]") && isOpen(field));
  (first ?? needed ?? fields.find(isOpen) ?? fields[0])?.focus();
}

// Asks the question that a button carries; true when the person agrees.
export function agreed(question, button) {
  const form = element('<form><p class="text" id="question"></p><div class="buttons">' +
    '<button type="submit"></button><button type="button" class="plain" data-cancel>Cancel</button></div></form>');
  form.querySelector("p").textContent = question;
  const yes = form.querySelector("[type=submit]");
  yes.textContent = button.textContent;
  yes.className = button.className === "plain" ? "primary" : button.className;
  return new Promise((resolve) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopPropagation();
      resolve(true);
      closeSheet();
    });
    sheet.addEventListener("close", () => resolve(false), { once: true });
    open(form, "question");
  });
}
