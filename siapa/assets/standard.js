// On a standard's page: ticks that stay on this device, and buttons that need a script.

const lists = [...document.querySelectorAll("[data-checklist]")];
const key = lists[0]?.dataset.checklist;

function remembered() {
  try {
    return new Set(JSON.parse(localStorage.getItem(key) || "[]"));
  } catch {
    return new Set(); // storage refused or spoilt: the ticks last as long as the page
  }
}

if (key) {
  const ticked = remembered();
  for (const line of document.querySelectorAll("[data-checklist] [data-tick]")) {
    const label = document.createElement("label");
    label.className = line.className;
    label.dataset.tick = line.dataset.tick;
    label.append(...line.childNodes);
    line.replaceWith(label);
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = ticked.has(label.dataset.tick);
    box.addEventListener("change", () => {
      if (box.checked) ticked.add(label.dataset.tick);
      else ticked.delete(label.dataset.tick);
      try {
        if (ticked.size) localStorage.setItem(key, JSON.stringify([...ticked]));
        else localStorage.removeItem(key);
      } catch {
        // nothing is kept then
      }
    });
    label.prepend(box);
    label.parentElement.classList.add("has-box");
  }
  document.querySelector("[data-tick-note]")?.removeAttribute("hidden");
}

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

const share = document.querySelector("[data-share]");
if (share && (navigator.share || navigator.clipboard)) {
  share.hidden = false;
  share.addEventListener("click", async () => {
    const canonical = document.querySelector("link[rel=canonical]")?.href;
    const address = share.dataset.address || canonical || location.href;
    try {
      if (navigator.share) await navigator.share({ title: document.title, url: address });
      else {
        await navigator.clipboard.writeText(address);
        share.lastChild.textContent = share.dataset.shared;
      }
    } catch {
      // the visitor thought better of it
    }
  });
}

// Folded parts are printed too.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const one of folded) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of folded) one.open = false;
});
