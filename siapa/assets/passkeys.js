// Passkeys: asks the device for one when its form is sent, and sends what the device says along.
// Without this script, or in a browser that knows none, their forms stay hidden.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

function asked(options) {
  const made = { ...options, challenge: bytes(options.challenge) };
  if (options.user) made.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) made.excludeCredentials = named(options.excludeCredentials);
  if (options.allowCredentials) made.allowCredentials = named(options.allowCredentials);
  return { publicKey: made };
}

function told(credential) {
  const said = credential.response;
  const response = { clientDataJSON: text(said.clientDataJSON) };
  if (said.attestationObject) {
    response.attestationObject = text(said.attestationObject);
    response.transports = said.getTransports?.() ?? [];
  } else {
    response.authenticatorData = text(said.authenticatorData);
    response.signature = text(said.signature);
    if (said.userHandle) response.userHandle = text(said.userHandle);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

async function ask(event) {
  const form = event.currentTarget;
  event.preventDefault();
  const say = (words) => { form.querySelector("[data-status]").textContent = words; };
  say("");
  try {
    const answer = await fetch(form.dataset.passkey, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, redirect: "manual" });
    if (!answer.ok) {
      // The session has ended, or the last proof is too old: the page itself knows the way on.
      if (answer.status === 429) say(form.dataset.often); else location.reload();
      return;
    }
    const options = asked(await answer.json());
    const given = await (form.dataset.makes ? navigator.credentials.create(options) : navigator.credentials.get(options));
    form.elements.credential.value = told(given);
    form.submit();
  } catch (fault) {
    say(fault.name === "InvalidStateError" ? form.dataset.known : form.dataset.refused);
  }
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", ask);
  }
  for (const words of document.querySelectorAll("[data-without-passkeys]")) words.hidden = true;
}
