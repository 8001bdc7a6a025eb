// Saves a step by itself while somebody writes. What cannot be sent stays in this browser
// until it can: nothing typed is lost with the network or the session.

const form = document.querySelector("form[data-autosave]");
const status = form?.querySelector("[data-status]");
const WAIT = 1500;

const key = () => `siapa-step ${location.pathname}`;
const typed = () => {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (name !== "csrf_token" && name !== "seen" && name !== "act") fields.append(name, value);
  }
  return fields.toString();
};
const remember = () => { try { localStorage.setItem(key(), typed()); } catch { /* full or forbidden: the page itself still holds it */ } };
const forget = () => { try { localStorage.removeItem(key()); } catch { /* as above */ } };
const remembered = () => { try { return localStorage.getItem(key()); } catch { return null; } };

const say = (words) => { status.textContent = words; };

let timer = 0;
let sending = null;

async function save() {
  if (sending) return;
  const content = new URLSearchParams(new FormData(form));
  const sent = typed();
  content.set("act", "autosave");
  sending = fetch(form.action, { method: "POST", body: content, headers: { Accept: "application/json" }, redirect: "manual" });
  try {
    const answer = await sending;
    const told = (answer.headers.get("Content-Type") ?? "").includes("json") ? await answer.json() : null;
    if (!told) { say(form.dataset.signedOut); return; }
    say(told.words);
    if (told.state === "saved") saved(told, sent);
  } catch {
    say(form.dataset.offline);
  } finally {
    sending = null;
    if (typed() !== sent) later();
  }
}

function saved(told, sent) {
  form.elements.seen.value = told.seen;
  if (typed() === sent) forget();
  const number = document.querySelector("[data-given]");
  const meter = document.querySelector("[data-meter]");
  if (number) number.textContent = told.given;
  if (meter) meter.value = told.given;
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(save, WAIT);
}

function offer(held) {
  const box = document.createElement("div");
  box.className = "notice held";
  box.setAttribute("role", "status");
  const words = document.createElement("p");
  words.textContent = form.dataset.held;
  const put = document.createElement("button");
  put.type = "button";
  put.textContent = form.dataset.restore;
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "quiet";
  drop.textContent = form.dataset.drop;
  box.append(words, put, drop);
  form.before(box);
  put.addEventListener("click", () => { fillIn(new URLSearchParams(held)); box.remove(); later(); });
  drop.addEventListener("click", () => { forget(); box.remove(); });
}

function fillIn(held) {
  for (const element of form.elements) {
    if (!element.name || element.type === "hidden" || element.type === "submit") continue;
    if (element.type === "checkbox") element.checked = held.has(element.name);
    else if (held.has(element.name)) element.value = held.get(element.name);
  }
}

// The page that follows a save names the step that was saved: only then what is held may go.
const savedStep = new URLSearchParams(location.search).get("saved");
if (savedStep && /^[a-z-]+$/.test(savedStep)) {
  const standard = location.pathname.replace(/\/langkah\/.*$/, "");
  try { localStorage.removeItem(`siapa-step ${standard}/langkah/${savedStep}`); } catch { /* nothing is held then */ }
}

if (form) {
  if (form.dataset.kept !== undefined) forget();
  const before = typed();
  const held = remembered();
  const isAnswer = document.querySelector("#salah") !== null;
  if (held !== null && held !== before && !isAnswer) offer(held);
  form.addEventListener("input", () => { remember(); later(); });
  // A button sends all of it: the page that follows has it, or says what is wrong with it.
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (!sending) return;
    // What is on its way must not look like somebody else's save.
    event.preventDefault();
    await sending.catch(() => null);
    setTimeout(() => form.requestSubmit(event.submitter), 50);
  });
  window.addEventListener("online", () => { if (remembered() !== null && typed() !== before) later(); });
  document.querySelector("#salah")?.focus();
}
