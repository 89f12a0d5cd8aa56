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
const waiting = async () => (await store("readonly", (marks) => marks.getAll())).filter((mark) => mark.sheet === sheetName);
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function keep(aspect, value) {
  await store("readwrite", (marks) => marks.add({ key: newKey(), sheet: sheetName, entry: entries[at].id, aspect, value }));
  await tell();
  send();
}

let sending = false, later;
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
  for (const mark of await waiting()) {
    const answer = await fetch(marks_url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": mark.key },
      body: JSON.stringify(mark.aspect ? { entry: mark.entry, aspect: mark.aspect, value: mark.value } : { entry: mark.entry, status: mark.value }),
    });
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) throw new Error("later");
    await store("readwrite", (marks) => marks.delete(mark.order));
    if (!answer.ok) refuse(mark, await answer.json().catch(() => ({})));
  }
}

function refuse(mark, problem) {
  const entry = entries.find((each) => each.id === mark.entry);
  const label = aspects.find((each) => each.dataset.aspect === mark.aspect)?.querySelector("legend, label")?.firstChild.textContent ?? "";
  const line = document.createElement("li");
  line.textContent = [entry?.code, label, mark.value, problem.detail ?? problem.title].filter(Boolean).join(" · ");
  byId("refused").hidden = false;
  byId("refused").querySelector("ul").append(line);
}

async function tell() {
  const count = (await waiting()).length;
  const line = byId("sent");
  line.toggleAttribute("data-kept", count > 0);
  line.querySelector("span").textContent = count ? words.kept.replace("{n}", count) : words.sent;
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
  for (const aspect of aspects) entry.values[aspect.dataset.aspect] = value(aspect);
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
  for (const aspect of aspects) put(aspect, entry.values[aspect.dataset.aspect] ?? "");
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

form.addEventListener("change", (event) => {
  if (event.target.id === "f-status") { entries[at].status = event.target.value; keep("", event.target.value); return; }
  const aspect = event.target.closest("[data-aspect]");
  if (!aspect || !event.target.checkValidity()) return;
  add();
  keep(aspect.dataset.aspect, value(aspect));
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
for (const mark of await waiting()) {
  const entry = entries.find((each) => each.id === mark.entry);
  if (entry) entry.values[mark.aspect] = mark.value;
}
at = Math.max(0, entries.findIndex((entry) => entry.id === form.dataset.entry));
history.replaceState(at, "");
show(at, false);
send();
