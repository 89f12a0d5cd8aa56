// The judge's sheet: each mark is kept on this device first, then sent, in order, until the server has it.

const form = document.getElementById("sheet");
const { marks_url, kept, words } = JSON.parse(document.getElementById("sheet-data").textContent);
const entries = kept.entries;
const aspects = [...form.querySelectorAll("[data-aspect]")];
const byId = (id) => document.getElementById(id);
const sheetName = `${kept.judge} ${kept.contest}`;
const SCALE = 1e6; // sums are made in whole millionths: no binary fractions in marks

const pad = byId("pad");
let box, typing; // the number being typed on the keypad, and the pause that ends it
let at = entries.findIndex((entry) => entry.id === form.dataset.entry);

// Kept marks: a small queue in the browser's database.
const open = new Promise((done, fail) => {
  const request = indexedDB.open("magpie", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("marks", { keyPath: "order", autoIncrement: true });
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});
async function store(mode, work) {
  const marks = (await open).transaction("marks", mode).objectStore("marks");
  const request = work(marks);
  return new Promise((done, fail) => { request.onsuccess = () => done(request.result); request.onerror = () => fail(request.error); });
}
const waiting = async () => (await store("readonly", (marks) => marks.getAll())).filter((each) => each.sheet === sheetName);
// A random UUID; crypto.randomUUID is missing on a hall's plain http.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// given: {value} or {status}
async function keep(aspect, given) {
  const mark = { id: newId(), entry: entries[at].id, aspect: aspect.dataset.aspect, attempt: Number(aspect.dataset.attempt), ...given };
  await store("readwrite", (marks) => marks.add({ sheet: sheetName, name: aspect.dataset.name, mark }));
  await tell();
  send();
}

let sending = false, signedOut = false, later;
async function send() {
  if (sending) return;
  sending = true;
  clearTimeout(later);
  try {
    await (navigator.locks ? navigator.locks.request(sheetName, sendAll) : sendAll());
  } catch {
    later = setTimeout(send, 5000);
  } finally {
    sending = false;
    await tell();
  }
}

// In order; a refused mark leaves the queue and is shown, a silent or stumbling server is asked again.
async function sendAll() {
  for (const { order, mark } of await waiting()) {
    const answer = await fetch(marks_url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": mark.id },
      body: JSON.stringify({ marks: [mark] }),
    });
    signedOut = answer.status === 401;
    if (signedOut || answer.status >= 500 || answer.status === 408 || answer.headers.has("Retry-After")) throw new Error("later");
    await store("readwrite", (marks) => marks.delete(order));
    if (!answer.ok) refuse(mark, await answer.json().catch(() => ({})));
  }
}

function refuse(mark, problem) {
  const entry = entries.find((each) => each.id === mark.entry);
  const label = aspects.find((each) => each.dataset.aspect === mark.aspect)?.querySelector("legend, label")?.firstChild.textContent ?? "";
  const line = document.createElement("li");
  line.textContent = [entry?.code, label, mark.value ?? mark.status, problem.errors?.[0]?.message ?? problem.detail ?? problem.title].filter(Boolean).join(" · ");
  byId("refused").hidden = false;
  byId("refused").querySelector("ul").append(line);
}

async function tell() {
  const count = (await waiting()).length;
  const line = byId("sent");
  line.toggleAttribute("data-kept", count > 0);
  line.querySelector("span").textContent = count ? (signedOut ? words.signed_out : words.kept).replace("{n}", count) : words.sent;
}

// What the form says about the entry shown, and the other way round.
const value = (aspect) => (aspect.querySelector("input[type=number]") ?? aspect.querySelector(":checked") ?? { value: "" }).value;
function put(aspect, given) {
  const number = aspect.querySelector("input[type=number]");
  if (number) number.value = given;
  else for (const radio of aspect.querySelectorAll("input")) radio.checked = radio.value === given;
}
const units = (text) => Math.round(Number(text || 0) * SCALE);
function points(aspect) {
  const chosen = aspect.querySelector(":checked");
  if (chosen?.dataset.points !== undefined) return units(chosen.dataset.points);
  return Math.round((units(value(aspect)) * units(aspect.dataset.factor ?? 0)) / SCALE);
}

function add() {
  const entry = entries[at];
  for (const aspect of aspects) entry.values[aspect.dataset.name] = value(aspect);
  const filled = aspects.filter((aspect) => value(aspect) !== "").length;
  byId("total").textContent = String(aspects.reduce((sum, aspect) => sum + points(aspect), 0) / SCALE);
  byId("filled").textContent = byId("filled").dataset.words.replace("{n}", filled);
  const state = entry.signed ? "signed" : filled === aspects.length ? "full" : filled ? "part" : "none";
  const link = form.querySelector(`.entry-dots [data-entry="${CSS.escape(entry.id)}"]`);
  link.querySelector("[data-dot]").dataset.dot = state;
  link.querySelector("[data-state]").textContent = words[`state_${state}`];
}

function show(index, remember = true) {
  at = index;
  const entry = entries[at];
  for (const aspect of aspects) put(aspect, entry.values[aspect.dataset.name] ?? "");
  for (const part of form.querySelectorAll("fieldset, #f-status")) part.disabled = entry.signed;
  for (const number of form.querySelectorAll("input[type=number]")) number.readOnly = entry.signed;
  form.elements.entry.value = entry.id;
  byId("f-status").value = entry.status;
  byId("code").textContent = entry.code;
  byId("entry-words").textContent = entry.words;
  for (const link of form.querySelectorAll(".entry-dots a")) {
    if (link.dataset.entry === entry.id) { link.setAttribute("aria-current", "page"); link.parentElement.scrollLeft = link.offsetLeft - link.parentElement.offsetLeft - 136; if (remember) history.pushState(at, "", link.href); } else link.removeAttribute("aria-current");
  }
  for (const button of form.querySelectorAll(".sheet-go [data-go]")) button.disabled = !entries[at + Number(button.dataset.go)];
  byId("pad").hidden = true;
  add();
}
const go = (index, remember) => {
  settle();
  if (!entries[index]) return;
  const turn = () => { show(index, remember); scrollTo(0, 0); };
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (document.startViewTransition && !calm) document.startViewTransition(turn); else turn();
};

// A status stands instead of every mark of the entry; taking it back gives the marks again.
function setStatus(status) {
  entries[at].status = status;
  for (const aspect of aspects) {
    if (status) keep(aspect, { status });
    else if (value(aspect) !== "") keep(aspect, { value: value(aspect) });
  }
}

form.addEventListener("change", (event) => {
  if (event.target.id === "f-status") { setStatus(event.target.value); return; }
  const aspect = event.target.closest("[data-aspect]");
  if (!aspect || !event.target.checkValidity()) return;
  add();
  if (value(aspect) !== "") keep(aspect, { value: value(aspect) });
});
form.addEventListener("click", (event) => {
  const link = event.target.closest(".entry-dots a"), button = event.target.closest("[data-go]");
  if (!link && !button) return;
  if (button && button.classList.contains("now") && !entries[at + 1]) { event.preventDefault(); send(); return; }
  event.preventDefault();
  go(link ? entries.findIndex((entry) => entry.id === link.dataset.entry) : at + Number(button.dataset.go));
});
addEventListener("popstate", (event) => { if (event.state !== null) go(event.state, false); });
addEventListener("online", send);
addEventListener("visibilitychange", () => { settle(); if (!document.hidden) send(); });

// The keypad offers only what can still become a lawful value.
const digits = (step) => (step.split(".")[1] ?? "").length;
function lawful(input) {
  const places = digits(input.step), unit = 10 ** places;
  const [from, to, step] = [input.min, input.max, input.step].map((text) => Math.round(Number(text) * unit));
  const values = [];
  for (let n = from; n <= to && values.length < 20000; n += step) values.push((n / unit).toFixed(places));
  return values;
}
function offer() {
  const values = lawful(box), so_far = box.dataset.typed ?? box.value;
  for (const key of pad.querySelectorAll("[data-key]")) {
    const next = so_far + key.dataset.key;
    key.disabled = key.dataset.key === "back" ? so_far === "" : !values.some((text) => text.startsWith(next));
  }
}
form.addEventListener("focusin", (event) => {
  if (!event.target.matches("input[type=number]") || event.target.readOnly) return;
  settle();
  box = event.target;
  box.inputMode = "none";
  box.dataset.typed = box.value;
  box.closest(".aspect").append(pad);
  pad.hidden = false;
  pad.scrollIntoView({ block: "nearest" });
  offer();
});
pad.addEventListener("click", (event) => {
  const key = event.target.closest("[data-key]")?.dataset.key;
  if (!key) return;
  const so_far = box.dataset.typed;
  box.dataset.typed = key === "back" ? so_far.slice(0, -1) : so_far + key;
  box.value = box.dataset.typed.replace(/\.$/, "");
  offer();
  add();
  clearTimeout(typing);
  typing = setTimeout(settle, 1500);
});

// A number is a mark when its typing is over, not key by key.
function settle() {
  clearTimeout(typing);
  if (typing) box.dispatchEvent(new Event("change", { bubbles: true }));
  typing = undefined;
}
form.addEventListener("input", (event) => { if (event.target === box) { box.dataset.typed = box.value; offer(); } });

// Marks that were kept before this page was loaded are newer than what the server said.
for (const { name, mark } of await waiting()) {
  const entry = entries.find((each) => each.id === mark.entry);
  if (entry && mark.status) entry.status = mark.status;
  else if (entry) entry.values[name] = mark.value;
}
at = Math.max(0, entries.findIndex((entry) => entry.id === form.dataset.entry));
history.replaceState(at, "");
show(at, false);
send();
