// Trying the API from its reference: fields become a request, and the answer is shown as it came.

const tokenForm = document.querySelector("[data-token]");
const token = document.getElementById("token");

if (tokenForm) {
  tokenForm.hidden = false;
  token.value = sessionStorage.getItem("token") ?? "";
  token.addEventListener("input", () => sessionStorage.setItem("token", token.value.trim()));
  tokenForm.addEventListener("submit", (event) => event.preventDefault());
}

function request(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  const headers = new Headers();
  for (const field of form.querySelectorAll("[data-in]")) {
    const { in: where, name } = field.dataset;
    const value = field.value.trim();
    if (where === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
    else if (value && where === "query") query.append(name, value);
    else if (value && where === "header") headers.set(name, value);
  }
  if (token?.value) headers.set("Authorization", `Bearer ${token.value.trim()}`);
  const body = form.querySelector("[data-body]")?.value;
  if (body !== undefined) headers.set("Content-Type", "application/json");
  headers.set("Accept-Language", document.documentElement.lang);
  const address = query.size ? `${path}?${query}` : path;
  return [address, { method: form.dataset.method, headers, body, cache: "no-store" }];
}

function shown(text, type) {
  if (!type.includes("json") || type.includes("ndjson")) return text;
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

async function flow(response, box, stop) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  stop.hidden = false;
  stop.onclick = () => reader.cancel();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    box.textContent = (box.textContent + value).slice(-20000);
  }
  stop.hidden = true;
}

async function send(form) {
  const answer = form.querySelector("[data-answer]");
  const box = form.querySelector("[data-body-shown]");
  const [address, options] = request(form);
  const begun = performance.now();
  answer.hidden = false;
  try {
    const response = await fetch(address, options);
    form.querySelector("[data-status]").textContent = `${response.status} ${response.statusText}`;
    form.querySelector("[data-took]").textContent = `${Math.round(performance.now() - begun)} ms`;
    form.querySelector("[data-headers]").textContent = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
    box.textContent = "";
    const stop = form.querySelector("[data-stop]");
    if (stop && response.ok) await flow(response, box, stop);
    else box.textContent = shown(await response.text(), response.headers.get("Content-Type") ?? "");
  } catch (error) {
    box.textContent = String(error);
  }
}

for (const form of document.querySelectorAll("form.api-try")) {
  form.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); send(form); });
}

// An address with the name of an operation opens it.
function open() {
  const place = document.getElementById(location.hash.slice(1));
  if (place?.matches("details")) place.open = true;
}
addEventListener("hashchange", open);
open();
