// Plans that are kept on this device: their addresses and names, nothing else, and only when asked.

const KEY = "rencana";
const MOST = 10;

function kept() {
  try {
    const held = JSON.parse(localStorage.getItem(KEY) || "[]");
    return Array.isArray(held) ? held.filter((one) => one && typeof one.address === "string") : [];
  } catch {
    return []; // storage refused or spoilt
  }
}

function keep(plans) {
  try {
    localStorage.setItem(KEY, JSON.stringify(plans.slice(0, MOST)));
    return true;
  } catch {
    return false; // nothing is kept then
  }
}

const place = document.querySelector("[data-saved]");
const list = document.querySelector("[data-saved-list]");

function show() {
  if (!place) return;
  const plans = kept();
  list.replaceChildren();
  for (const one of plans) {
    const line = document.createElement("li");
    line.className = "add-row";
    const link = document.createElement("a");
    const address = new URL(one.address, location.origin);
    link.href = address.pathname + address.search; // never another site
    link.textContent = one.name;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = list.dataset.remove;
    button.setAttribute("aria-label", `${list.dataset.remove}: ${one.name}`);
    button.addEventListener("click", () => {
      keep(kept().filter((other) => other.address !== one.address));
      show();
    });
    line.append(link, button);
    list.append(line);
  }
  place.hidden = !plans.length;
}

const save = document.querySelector("[data-save]");
if (save && navigator.cookieEnabled !== false) {
  save.hidden = false;
  save.addEventListener("click", () => {
    const plan = { address: save.dataset.save, name: save.dataset.name };
    if (keep([plan, ...kept().filter((one) => one.address !== plan.address)])) {
      save.lastChild.textContent = save.dataset.done;
      show();
    }
  });
}
show();
