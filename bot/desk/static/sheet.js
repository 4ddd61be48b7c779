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

function open(form, labelledBy) {
  sheet.replaceChildren(form);
  sheet.setAttribute("aria-labelledby", labelledBy);
  if (!sheet.open) sheet.showModal();
}

// Shows a form that the server rendered; the first field that is wrong, or else empty, takes the focus.
export function openForm(html) {
  const form = element(html);
  open(form, "form-title");
  const fields = [...form.querySelectorAll("input, textarea, select")];
  const wrong = form.querySelector("[aria-invalid=true]");
  const first = wrong?.matches("fieldset") ? wrong.querySelector(":checked") ?? wrong.querySelector("input") : wrong;
  (first ?? fields.find((field) => !field.value) ?? fields[0])?.focus();
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
