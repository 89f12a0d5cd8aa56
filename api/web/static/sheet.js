// The judge's sheet: each mark is kept on this device first, then sent, one after another, until the server has it.

const byId = (id) => document.getElementById(id);
const form = byId("sheet"), pad = byId("pad"), undoButton = byId("undo");
const { account, stage, marks_url, sheet_url, words, entries } = JSON.parse(byId("device").textContent);
const rows = [...form.querySelectorAll("[data-aspect]")];
const aspects = rows.filter((row) => row.dataset.name); // the others only show marks
const named = (name) => aspects.find((aspect) => aspect.dataset.name === name);
const sheetName = `${account} ${stage}`;
const MILLION = 1000000n; // values are whole millionths: no binary fractions in marks
const GRACE = { number: 6000, first: 4000, change: 1500 }; // how long a mark can be undone before it leaves the device
const PATIENCE = 15000, SOON = 2000, SELDOM = 60000;

let at = Math.max(0, entries.findIndex((entry) => entry.code === form.elements.entry.value));
let box, typed, typing; // the number being typed on the keypad: its field, the keys so far, the pause that ends it
let last, forget; // what can be undone, and until when

// Kept marks: a small queue in the browser's database, or in its plain storage where that fails.
function opened() {
  return new Promise((done, fail) => {
    const request = indexedDB.open("magpie", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("marks", { keyPath: "order", autoIncrement: true });
    request.onsuccess = () => done(request.result);
    request.onerror = request.onblocked = () => fail(request.error);
    setTimeout(fail, 3000);
  });
}
function inDatabase(base) {
  const work = (mode, act) => new Promise((done, fail) => {
    const change = base.transaction("marks", mode), request = act(change.objectStore("marks"));
    change.oncomplete = () => done(request.result); // only now it is on the disk
    change.onerror = change.onabort = () => fail(change.error);
  });
  return {
    all: () => work("readonly", (marks) => marks.getAll()),
    put: (item) => work("readwrite", (marks) => marks.put(item)),
    drop: (order) => work("readwrite", (marks) => marks.delete(order)),
  };
}
function inStorage() {
  let memory = [];
  const load = () => { try { return JSON.parse(localStorage.getItem("magpie marks") ?? "[]"); } catch { return memory; } };
  const save = (items) => { memory = items; try { localStorage.setItem("magpie marks", JSON.stringify(items)); } catch { /* in memory */ } };
  return {
    all: async () => load(),
    put: async (item) => { item.order ??= Date.now() + Math.random(); save([...load().filter((each) => each.order !== item.order), item]); },
    drop: async (order) => save(load().filter((each) => each.order !== order)),
  };
}
let queue;
try { queue = inDatabase(await opened()); } catch { queue = inStorage(); }
const mine = async () => (await queue.all()).filter((each) => each.sheet === sheetName);
const waiting = async () => (await mine()).filter((each) => !each.refused);

// A random UUID; crypto.randomUUID is missing on a hall's plain http.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// given: {value} or {status}. A newer mark takes the place of one that is still here. One at a time, in the order of taps.
let keeping = Promise.resolve();
function keep(entry, name, given, grace) {
  const { aspect, attempt, seat } = named(name).dataset, reason = byId("f-reason").value.trim();
  const mark = { id: newId(), entry: entry.code, aspect, attempt: Number(attempt), ...given };
  if (seat) mark.seat = seat;
  if (reason) mark.reason = reason;
  keeping = keeping.then(async () => {
    const older = await mine();
    await queue.put({ sheet: sheetName, name, mark, due: Date.now() + grace });
    for (const each of older) if (each.name === name && each.mark.entry === entry.code) await queue.drop(each.order);
    await tell();
    send();
  });
  return mark.id;
}

let sending, failing = false, signedOut = false, hurry = false, later, wait = SOON;
function send() {
  sending ??= attempt().finally(() => { sending = undefined; });
  return sending;
}
async function attempt() {
  clearTimeout(later);
  try {
    const due = await (navigator.locks ? navigator.locks.request(sheetName, sendAll) : sendAll());
    failing = signedOut = false;
    wait = SOON;
    if (due) later = setTimeout(send, due);
  } catch {
    failing = true;
    later = setTimeout(send, wait * (1 + Math.random() / 4));
    wait = Math.min(wait * 2, SELDOM);
  }
  await tell();
}

// In order; gives after how many milliseconds there is more to send. A refused mark leaves the queue and is shown at its
// row, a silent or stumbling server is asked again.
async function sendAll() {
  let sent = 0;
  for (let items = await waiting(); items.length; items = await waiting()) {
    const [item] = items;
    if (item.due > Date.now() && !hurry) return Math.min(item.due - Date.now(), GRACE.number);
    await deliver(item);
    sent += 1;
    await tell();
  }
  hurry = false;
  if (sent) await refresh();
  return 0;
}
async function deliver(item) {
  const answer = await ask(marks_url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ marks: [item.mark] }) });
  signedOut = answer.status === 401;
  if (signedOut || answer.status >= 500 || answer.status === 408 || answer.headers.has("Retry-After")) throw new Error("later");
  if (answer.ok) { await queue.drop(item.order); return; }
  const problem = await answer.json().catch(() => ({}));
  signedOut = (answer.status === 404 || problem.errors?.[0]?.code === "not_your_seat") && await somebodyElse();
  if (signedOut) throw new Error("later");
  await queue.put({ ...item, refused: problem.errors?.[0]?.message ?? problem.detail ?? problem.title ?? words.not_sent });
  await showRefused();
}
async function ask(address, request = {}) {
  const stop = new AbortController(), clock = setTimeout(() => stop.abort(), PATIENCE);
  try { return await fetch(address, { ...request, signal: stop.signal }); } finally { clearTimeout(clock); }
}
// On a shared device another judge may have signed in meanwhile: marks wait for their own.
async function somebodyElse() {
  const me = await ask("/api/v1/me");
  return !me.ok || (await me.json()).id !== account;
}

// What the server knows by now: marks from another device of mine, and those of others once a panel is complete.
async function refresh() {
  const answer = await ask(sheet_url).catch(() => ({}));
  if (!answer.ok) return;
  const sheet = await answer.json();
  // What was typed or tapped while it was asked is newer, and a number that may not be given stays until it is mended.
  if ((await waiting()).length || typing || !aspects.every(lawful)) return;
  for (const entry of entries) entry.others = sheet.others.filter((mark) => mark.code === entry.code);
  for (const mark of sheet.marks) {
    const entry = entries.find((each) => each.code === mark.code), name = `${mark.aspect}.${mark.attempt}`;
    if (entry && named(name) && (mark.seat ?? "") === named(name).dataset.seat) entry.values[name] = same(named(name), mark.value ?? "");
  }
  fill();
}

async function showRefused() {
  const refused = (await mine()).filter((each) => each.refused);
  byId("refused").hidden = !refused.length;
  byId("refused").querySelector("ul").replaceChildren(...refused.map(({ name, mark, refused: why }) => {
    const label = named(name)?.querySelector("legend, label").firstChild.textContent.trim();
    return Object.assign(document.createElement("li"), { textContent: [mark.entry, label, mark.value ?? words[mark.status], why].filter(Boolean).join(" · ") });
  }));
  for (const aspect of aspects) {
    const mine = refused.find((each) => each.name === aspect.dataset.name && each.mark.entry === entries[at].code);
    const line = aspect.querySelector("[data-error]");
    line.hidden = !mine;
    line.querySelector("span").textContent = mine ? `${mine.mark.value ?? words[mine.mark.status]} · ${mine.refused}` : "";
  }
}
byId("seen").addEventListener("click", async () => {
  for (const each of await mine()) if (each.refused) await queue.drop(each.order);
  await showRefused();
  byId("code").focus();
});

async function tell() {
  const count = (await waiting()).length + (typing ? 1 : 0), line = byId("sent");
  const stuck = count > 0 && (failing || !navigator.onLine);
  const said = count ? (stuck ? (signedOut ? words.signed_out : words.kept) : words.sending).replace("{n}", count) : words.all_sent;
  line.toggleAttribute("data-kept", stuck);
  line.dataset.count = count;
  [...line.querySelectorAll("i")].forEach((sign, n) => { sign.hidden = count ? n === 0 : n === 1; });
  if (line.querySelector("span").textContent !== said) line.querySelector("span").textContent = said;
}

// What the form says about the entry shown, and the other way round.
// A number that may not be given counts as none.
const lawful = (aspect) => !aspect.querySelector("input:invalid");
const value = (aspect) => (lawful(aspect) && (aspect.querySelector("input[type=number]") ?? aspect.querySelector(":checked")) || { value: "" }).value;
function put(aspect, given) {
  const number = aspect.querySelector("input[type=number]");
  if (number) number.value = given;
  else for (const radio of aspect.querySelectorAll("input")) radio.checked = radio.value === given;
}
// The value as the key that means it is written ("7.50" is the key 7.5).
const same = (aspect, text) => [...aspect.querySelectorAll("[type=radio]")].find((radio) => text !== "" && units(radio.value) === units(text))?.value ?? text;
function units(text) {
  const [, sign, whole, part = ""] = /^(-?)(\d*)\.?(\d*)$/.exec(text) ?? ["", "", "0"];
  return BigInt(`${sign}${whole || 0}${part.padEnd(6, "0").slice(0, 6)}`);
}
function points(aspect) {
  const chosen = aspect.querySelector(":checked");
  return chosen ? units(chosen.dataset.points) : (units(value(aspect)) * units(aspect.dataset.factor)) / MILLION;
}

function add() {
  const entry = entries[at];
  for (const aspect of aspects.filter(lawful)) entry.values[aspect.dataset.name] = value(aspect);
  const filled = aspects.filter((aspect) => value(aspect) !== "");
  const total = aspects.reduce((sum, aspect) => sum + points(aspect), 0n);
  if (byId("total")) byId("total").textContent = String(Math.round(Number(total) / 1e4) / 100);
  byId("filled").textContent = byId("filled").dataset.words.replace("{n}", filled.length);
  const full = entry.status || aspects.every((aspect) => filled.includes(aspect) || "optional" in aspect.dataset);
  const state = entry.signed ? "signed" : !filled.length && !entry.status ? "none" : full ? "full" : "part";
  const link = form.querySelector(`.entry-dots [data-entry="${CSS.escape(entry.code)}"]`);
  link.querySelector("[data-dot]").dataset.dot = state;
  link.querySelector("[data-state]").textContent = words[`dot_${state}`];
  for (const row of rows) compare(row, entry);
}
// Others' marks on an aspect, and whether all are too far apart.
function compare(row, entry) {
  const { aspect, attempt, seat } = row.dataset, line = row.querySelector("[data-others]"), apart = row.querySelector("[data-spread]");
  const others = entry.others.filter((mark) => mark.aspect === aspect && String(mark.attempt) === attempt);
  line.hidden = !others.length;
  line.replaceChildren(line.firstElementChild, ...others.map((mark) => Object.assign(document.createElement("span"), { textContent: `${mark.seat ?? words.agreed} ${mark.value ?? words[mark.status]}` })));
  const given = others.filter((mark) => mark.seat && mark.value).map((mark) => mark.value);
  if (seat && value(row) !== "") given.push(value(row));
  const sorted = given.map(units).sort((a, b) => (a < b ? -1 : 1));
  apart.hidden = !others.length || !apart.dataset.spread || sorted.length < 2 || sorted[sorted.length - 1] - sorted[0] <= units(apart.dataset.spread);
}

function fill() {
  const entry = entries[at], locked = Boolean(entry.lock);
  for (const aspect of aspects) put(aspect, entry.values[aspect.dataset.name] ?? "");
  for (const part of form.querySelectorAll("fieldset, #f-status")) part.disabled = locked;
  for (const part of form.querySelectorAll("input[type=number], #f-reason")) part.readOnly = locked;
  form.elements.entry.value = entry.code;
  if (byId("f-status")) byId("f-status").value = entry.status;
  byId("code").textContent = entry.code;
  byId("entry-words").textContent = entry.words;
  byId("lock").hidden = !locked;
  byId("lock").querySelector("span").textContent = locked ? words[`lock_${entry.lock}`] : "";
  if (box) offer(typed?.replace(/\.$/, "") === box.value ? typed : undefined);
  add();
}
function show(index, remember) {
  at = index;
  settled();
  if (byId("f-reason")) byId("f-reason").value = "";
  for (const link of form.querySelectorAll(".entry-dots a")) {
    if (link.dataset.entry !== entries[at].code) { link.removeAttribute("aria-current"); continue; }
    link.setAttribute("aria-current", "page");
    link.parentElement.scrollLeft = link.offsetLeft - link.parentElement.offsetLeft - 136;
    if (remember) history.pushState(at, "", link.href);
    document.title = document.title.replace(/^\S+/, entries[at].code);
  }
  for (const button of form.querySelectorAll(".sheet-go [data-go]")) button.disabled = !entries[at + Number(button.dataset.go)];
  const save = form.querySelector("[data-on]");
  if (save) save.textContent = entries[at + 1] ? save.dataset.on : save.dataset.end;
  pad.hidden = true;
  box = undefined;
  fill();
  showRefused();
}
function go(index, remember = true, begin = false) {
  settle();
  if (!entries[index]) return;
  const turn = () => { show(index, remember); scrollTo(0, 0); if (begin) start(); };
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (document.startViewTransition && !calm) document.startViewTransition(turn); else turn();
}

// After "save, next" the first mark to be given has the focus, and a number its keypad.
function start() {
  const first = aspects.find((aspect) => value(aspect) === "") ?? aspects[0];
  first?.querySelector(":checked, input")?.focus({ preventScroll: true });
}

// One step back: a mark that has not left yet is taken back, a change is changed again.
function settled() {
  clearTimeout(forget);
  last = undefined;
  undoButton.hidden = true;
}
function canUndo(step, time) {
  settled();
  last = step;
  undoButton.hidden = false;
  if (time) forget = setTimeout(settled, time);
}
undoButton.addEventListener("click", async () => {
  const { entry, name, before, id } = last;
  settled();
  await keeping;
  const here = (await waiting()).find((each) => each.mark.id === id);
  if (before) keep(entry, name, { value: before }, 0);
  else if (here) await queue.drop(here.order);
  if (!before && !here) { byId("sent").querySelector("span").textContent = words.no_undo; return; }
  entry.values[name] = before;
  fill();
  await tell();
  (named(name).querySelector(":checked") ?? named(name).querySelector("input"))?.focus();
});

function mark(aspect) {
  const entry = entries[at], name = aspect.dataset.name, before = entry.values[name] ?? "", now = value(aspect);
  if (now === before && !entry.status) return;
  if (now === "") { put(aspect, before); return; } // what was given can be changed, not emptied
  entry.status = byId("f-status").value = "";
  add();
  const grace = box && aspect.contains(box) ? GRACE.number : before ? GRACE.change : GRACE.first; // half a number is none
  const id = keep(entry, name, { value: now }, grace);
  canUndo({ entry, name, before, id }, before ? 0 : grace - 500);
}
function complain(aspect) {
  if (lawful(aspect)) return;
  const line = aspect.querySelector("[data-error]"), given = aspect.querySelector("input:invalid");
  line.hidden = false;
  line.querySelector("span").textContent = words.unlawful.replace("{n}", given.value).replace("{range}", byId(`r-${given.name}`).textContent);
}
// A status stands instead of every mark of the entry; taking it back gives the marks again.
function setStatus(status) {
  const entry = entries[at];
  entry.status = status;
  settled();
  for (const aspect of aspects) {
    if (status) keep(entry, aspect.dataset.name, { status }, GRACE.change);
    else if (value(aspect) !== "") keep(entry, aspect.dataset.name, { value: value(aspect) }, GRACE.change);
  }
  add();
}
// A reason goes with the marks that follow, and to those that are in dispute.
function explain() {
  for (const aspect of aspects) {
    const asked = !aspect.querySelector("[data-spread]").hidden || !aspect.querySelector("[data-error]").hidden;
    if (asked && value(aspect) !== "") keep(entries[at], aspect.dataset.name, { value: value(aspect) }, 0);
  }
}

// What was tapped last goes before the page does, if there is network; what is kept is sent when the sheet is open again.
async function leave(link) {
  settle();
  await keeping;
  hurry = true;
  await Promise.race([sending, new Promise((done) => setTimeout(done, SOON))]);
  await Promise.race([send(), new Promise((done) => setTimeout(done, SOON))]);
  location.assign(link.href);
}

form.addEventListener("change", (event) => {
  if (event.target.id === "f-status") { setStatus(event.target.value); return; }
  if (event.target.id === "f-reason") { explain(); return; }
  const aspect = event.target.closest("[data-name]");
  if (!aspect) return;
  if (lawful(aspect)) mark(aspect);
  showRefused().then(() => complain(aspect));
});
form.addEventListener("submit", (event) => { event.preventDefault(); settle(); send(); });
form.addEventListener("click", (event) => {
  const link = event.target.closest(".entry-dots a"), button = event.target.closest("[data-go]"), away = event.target.closest(".sheet-links a");
  if (away) { event.preventDefault(); leave(away); }
  if (!link && !button) return;
  event.preventDefault();
  settle();
  if (button && !entries[at + Number(button.dataset.go)]) { wait = SOON; hurry = true; send(); return; }
  go(link ? entries.findIndex((entry) => entry.code === link.dataset.entry) : at + Number(button.dataset.go), true, button?.classList.contains("now"));
});
// Enter ends a number and goes on to the next field, instead of sending the form.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input")) return;
  event.preventDefault();
  event.target.blur();
  const here = aspects.indexOf(event.target.closest("[data-name]"));
  (aspects[here + 1]?.querySelector(":checked, input") ?? form.querySelector(".sheet-end .now")).focus();
});
addEventListener("popstate", (event) => { if (event.state !== null) go(event.state, false); });
addEventListener("online", () => { wait = SOON; send(); });
addEventListener("offline", tell);
addEventListener("pagehide", settle);
addEventListener("visibilitychange", () => { settle(); if (!document.hidden) send().then(refresh); });

// The keypad offers only what can still become a lawful value.
function possible(text, { min, max, step }) {
  const [, sign, whole, part] = /^(-?)(\d{0,12})(?:\.(\d*))?$/.exec(text) ?? [];
  const places = step === "any" ? 6 : Math.max(...[step, min].map((each) => (each.split(".")[1] ?? "").length));
  if (whole === undefined || /^0\d/.test(whole) || (part !== undefined && (!whole || part.length > places || !places))) return false;
  if (!whole) return sign === "" || min === "" || units(min) < 0n;
  for (let more = 0n; more <= (part === undefined && whole !== "0" ? 12 - whole.length : 0); more += 1n) {
    const size = part === undefined ? 10n ** more * MILLION : 10n ** BigInt(6 - part.length);
    const least = part === undefined ? BigInt(whole) * size : units(`${whole}.${part}`);
    const [from, to] = sign ? [1n - least - size, -least] : [least, least + size - 1n];
    if (between(from, to, min, max, step)) return true;
  }
  return false;
}
function between(from, to, min, max, step) {
  const low = min !== "" && units(min) > from ? units(min) : from, high = max !== "" && units(max) < to ? units(max) : to;
  if (low > high || step === "any") return low <= high;
  const width = units(step), past = (low - units(min)) % width; // steps are counted from the least value
  return low + (past > 0n ? width - past : -past) <= high;
}
// What a key adds to: a value that was there when the field was entered is replaced, or erased from its end.
function offer(text) {
  typed = text;
  for (const key of pad.querySelectorAll("[data-key]")) {
    key.disabled = key.dataset.key === "back" ? !typed && !box.value : !possible((typed ?? "") + key.dataset.key, box);
    if (key.dataset.key === "-") key.hidden = box.min !== "" && units(box.min) >= 0n;
  }
}
form.addEventListener("focusin", (event) => {
  if (!event.target.matches("input[type=number]") || event.target.readOnly || event.target === box) return;
  settle();
  box = event.target;
  box.inputMode = "none";
  box.closest(".aspect").append(pad);
  pad.hidden = false;
  pad.scrollIntoView({ block: "nearest" });
  offer();
});
pad.addEventListener("click", (event) => {
  const key = event.target.closest("[data-key]")?.dataset.key;
  if (!key) return;
  const text = key === "back" ? (typed ?? box.value).slice(0, -1) : (typed ?? "") + key;
  box.value = text.replace(/\.$/, "");
  offer(text);
  clearTimeout(typing);
  typing = setTimeout(settle, 1500);
  tell();
});
// A number is a mark when its typing is over, not key by key.
function settle() {
  if (!typing) return;
  clearTimeout(typing);
  typing = undefined;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  keeping.then(tell);
}
form.addEventListener("input", (event) => { if (event.target === box) offer(box.value); });

// Marks that were kept before this page was loaded are newer than what the server said.
for (const { name, mark: { entry: code, status, value: given } } of await waiting()) {
  const entry = entries.find((each) => each.code === code);
  if (entry && status) entry.status = status;
  else if (entry && named(name)) entry.values[name] = same(named(name), given);
}
history.replaceState(at, "");
show(at, false);
send();
