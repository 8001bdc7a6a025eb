// Completions under a search box, after the combobox pattern of the ARIA Authoring Practices.
// The list stands in the flow of the page and pushes nothing away from the keyboard; without
// this script the form works all the same.

const WAIT_MS = 150;
const SHORTEST = 2;

for (const [index, input] of document.querySelectorAll("input[data-suggest]").entries()) {
  attach(input, `suggestions-${index}`);
}

function attach(input, listId) {
  const form = input.form;
  const list = document.createElement("ul");
  list.id = listId;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", form.getAttribute("aria-label") || "");
  const told = document.createElement("p");
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  form.append(list, told);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", listId);

  let timer = 0;
  let asked = 0;
  let chosen = -1;

  const options = () => [...list.children];

  function close() {
    list.hidden = true;
    list.replaceChildren();
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(place) {
    const all = options();
    if (!all.length) return;
    chosen = (place + all.length) % all.length;
    for (const [at, option] of all.entries()) option.setAttribute("aria-selected", String(at === chosen));
    input.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  }

  function show(suggestions) {
    close();
    if (!suggestions.length) {
      told.textContent = "";
      return;
    }
    for (const [at, one] of suggestions.entries()) {
      const option = document.createElement("li");
      option.id = `${listId}-${at}`;
      option.dataset.url = one.url;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const label = document.createElement("span");
      label.textContent = one.label;
      const kind = document.createElement("span");
      kind.className = "kind";
      kind.textContent = one.kind_label;
      option.append(label, " ", kind);
      list.append(option);
    }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    told.textContent = input.dataset.count.replace("%(count)s", suggestions.length);
  }

  async function ask() {
    const text = input.value.trim();
    const mine = ++asked;
    if (text.length < SHORTEST) return close();
    try {
      const address = new URL(input.dataset.suggest, location.href);
      address.searchParams.set("q", text.slice(0, 100));
      const answer = await fetch(address);
      const { suggestions } = answer.ok ? await answer.json() : { suggestions: [] };
      if (mine === asked && document.activeElement === input) show(suggestions);
    } catch {
      close(); // no network: the form still works
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask();
      else choose(event.key === "ArrowDown" ? chosen + 1 : chosen < 0 ? -1 : chosen - 1);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      location.assign(options()[chosen].dataset.url);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Tab") {
      close();
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // keep the focus in the field
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
  input.addEventListener("blur", () => {
    clearTimeout(timer);
    asked += 1;
    close();
  });
}
