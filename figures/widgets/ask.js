// A question with blanks. Everything is compared here, in the page: no kernel is asked.
// All text goes in as text nodes, so nothing a question says can become markup.

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

const focusable = { "data-lm-suppress-shortcuts": "true" }; // JupyterLab leaves its keys alone

const nextId = () => {
  const page = document.documentElement;
  page.dataset.blankIds = Number(page.dataset.blankIds ?? 0) + 1;
  return `blank-${page.dataset.blankIds}`;
};

// Readers type a comma, a real minus sign or a fraction.
const read = (typed) => {
  const [top, bottom, ...rest] = typed.trim().replace(/[−–]/g, "-").replace(",", ".").split("/");
  if (!top || rest.length || bottom === "") return NaN;
  return Number(top) / (bottom === undefined ? 1 : Number(bottom));
};

const same = (a, b, tolerance) => Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));

const mark = (element, right) => {
  element.className = `blanks-mark blanks-${right === null ? "open" : right ? "right" : "wrong"}`;
  element.textContent = right === null ? "" : right ? "✓" : "✗";
  // a picture without a name is worse than none: an open mark is no picture yet
  for (const [name, value] of [["role", "img"], ["aria-label", right ? "right" : "wrong"]])
    right === null ? element.removeAttribute(name) : element.setAttribute(name, value);
};

// Each blank is {typed(): bool, right(): bool, agrees(mistake): bool, show(), reveal(), clear(), label}.
function numberBlank(model, name, i, j, label, answer, place) {
  const id = nextId();
  const input = make("input", { type: "text", id, size: 7, autocomplete: "off", "aria-describedby": `${id}-mark`, ...focusable });
  const sign = make("span", { id: `${id}-mark` });
  mark(sign, null);
  place.append(make("div", { class: "blanks-cell" }, make("label", { for: id }, label), make("span", {}, input, sign)));
  const equals = (value) => same(read(input.value), value, model.get("tolerance"));
  const blank = {
    label,
    input,
    typed: () => input.value.trim() !== "",
    right: () => equals(answer),
    agrees: ({ answers }) => equals(name in answers ? answers[name][i][j] : answer),
    show: () => {
      mark(sign, blank.typed() ? blank.right() : null);
      input.setAttribute("aria-invalid", blank.typed() && !blank.right());
    },
    reveal: () => (input.value = String(answer)),
    clear: () => (input.value = ""),
  };
  input.addEventListener("input", () => (mark(sign, null), input.removeAttribute("aria-invalid")));
  return blank;
}

function choiceBlank(model, place) {
  const name = nextId();
  const signs = [];
  const inputs = model.get("options").map((option, k) => {
    const input = make("input", { type: "radio", name, id: `${name}-${k}`, ...focusable });
    const sign = make("span");
    mark(sign, null);
    signs.push(sign);
    input.addEventListener("change", () => signs.forEach((s) => mark(s, null)));
    place.append(make("div", { class: "blanks-option" }, input, make("label", { for: input.id }, option), sign));
    return input;
  });
  const chosen = () => model.get("options")[inputs.findIndex((input) => input.checked)];
  const right = () => chosen() === model.get("answer");
  return {
    label: "the choice",
    input: inputs[0],
    typed: () => chosen() !== undefined,
    right,
    agrees: ({ answer }) => chosen() === (answer || model.get("answer")),
    show: () => inputs.forEach((input, k) => mark(signs[k], input.checked ? right() : null)),
    reveal: () => inputs.forEach((input, k) => (input.checked = model.get("options")[k] === model.get("answer"))),
    clear: () => inputs.forEach((input) => (input.checked = false)),
  };
}

function verdict(model, blanks) {
  const typed = blanks.filter((blank) => blank.typed());
  const wrong = typed.filter((blank) => !blank.right());
  if (!typed.length) return "Nothing is filled in yet.";
  if (!wrong.length && typed.length === blanks.length)
    return [blanks.length > 1 ? `All ${blanks.length} right.` : "Right.", model.get("why")].join(" ");
  if (!wrong.length) return `${typed.length} of ${blanks.length} filled in, all right so far.`;
  const mistake = model.get("wrong").find((m) => typed.every((blank) => blank.agrees(m)));
  const which = blanks.length > 1 ? `${typed.length - wrong.length} of ${blanks.length} right; wrong: ${wrong.map((b) => b.label).join(", ")}.` : "Not right.";
  const named = mistake ? `This is the answer when ${mistake.name}.` : "";
  return [which, named, model.get("hint") && `Hint: ${model.get("hint")}`].filter(Boolean).join(" ");
}

function render({ model, el }) {
  const question = make("p", { class: "blanks-question", id: nextId() }, model.get("question"));
  const root = make("div", { class: "blanks", role: "group", "aria-labelledby": question.id }, question);
  const blanks = [];
  for (const { name, labels, answers } of model.get("blanks")) {
    const scroll = make("div", { class: "blanks-scroll" });
    labels.forEach((row, i) => {
      const line = make("div", { class: "blanks-row" });
      row.forEach((label, j) => blanks.push(numberBlank(model, name, i, j, label, answers[i][j], line)));
      scroll.append(line);
    });
    root.append(scroll);
  }
  if (model.get("options").length) {
    const group = make("div", { class: "blanks-options", role: "radiogroup", "aria-labelledby": question.id });
    root.append(group);
    blanks.push(choiceBlank(model, group));
  }
  const status = make("p", { class: "blanks-status", role: "status", "aria-live": "polite" });
  const check = make("button", { type: "button", ...focusable }, "Check");
  const reveal = make("button", { type: "button", ...focusable }, "Reveal");
  let revealed = false;
  const checkAll = () => {
    blanks.forEach((blank) => blank.show());
    status.textContent = verdict(model, blanks);
  };
  check.addEventListener("click", checkAll);
  reveal.addEventListener("click", () => {
    revealed = !revealed;
    blanks.forEach((blank) => (revealed ? blank.reveal() : blank.clear()));
    blanks.forEach((blank) => blank.show());
    reveal.textContent = revealed ? "Try again" : "Reveal";
    status.textContent = revealed ? ["Revealed.", model.get("why")].join(" ") : "";
  });
  root.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.type === "text") checkAll();
  });
  root.append(make("div", { class: "blanks-buttons" }, check, reveal), status);
  el.append(root);
}

export default { render };
