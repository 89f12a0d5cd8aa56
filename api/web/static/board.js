// The hall's board: follows its events, lets rows glide to their place, turns pages, and finds its way back after a break.

const list = document.getElementById("rows");
const words = document.getElementById("words");
const state = document.getElementById("state");
const pageLine = document.getElementById("page");
const hold = document.getElementById("hold");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const PAGE = 12, LEADERS = 3, TURN = 8000, GLIDE = 600, SILENCE = 60000;

let page = 0, held = false, said = words.textContent;

const rows = () => [...list.querySelectorAll(".board-row")];
const pages = () => (rows().length > PAGE ? Math.ceil((rows().length - LEADERS) / (PAGE - LEADERS)) : 1);

function show() {
  page %= pages();
  const size = PAGE - LEADERS, first = LEADERS + page * size;
  const all = rows();
  all.forEach((row, i) => { row.hidden = all.length > PAGE && i >= LEADERS && (i < first || i >= first + size); });
  pageLine.textContent = pages() > 1 ? pageLine.dataset.words.replace("{n}", page + 1).replace("{all}", pages()) : "";
  hold.hidden = pages() === 1;
}

function fill(row, data) {
  row.dataset.code = data.code;
  const medal = document.getElementById(`medal-${data.rank}`);
  const rank = row.querySelector("[data-rank]");
  if (medal) rank.replaceChildren(medal.content.cloneNode(true));
  else rank.replaceChildren(Object.assign(document.createElement("span"), { className: "rank", textContent: data.rank ?? "–" }));
  for (const part of row.querySelectorAll("[data-part]")) part.textContent = data[part.dataset.part];
  return row;
}

const blank = () => document.getElementById("row").content.firstElementChild.cloneNode(true);
const looks = (row) => row.querySelector('[data-part="score"]').textContent;

function take(board) {
  const known = new Map(rows().map((row) => [row.dataset.code, row]));
  const before = new Map(rows().filter((row) => !row.hidden).map((row) => [row.dataset.code, row.getBoundingClientRect().top]));
  const changed = [];
  const fresh = board.rows.map((data) => {
    const row = known.get(data.code) ?? blank();
    if (!known.has(data.code) || looks(row) !== data.score) changed.push(row);
    return fill(row, data);
  });
  list.replaceChildren(...fresh);
  const pill = document.getElementById(`state-${board.state}`);
  if (pill) state.replaceChildren(pill.content.cloneNode(true));
  said = words.textContent = board.words;
  for (const bird of document.querySelectorAll("[data-turn]")) bird.classList.toggle("to-come", bird.dataset.turn >= board.bridge);
  show();
  glide(before);
  for (const row of changed) glow(row);
}

// Only the newest board is shown: a slow screen leaves out what came meanwhile, a hidden one all but the last.
let newest, tag, waiting = false;
function soon(board, id) {
  newest = board;
  tag = id;
  if (!waiting) requestAnimationFrame(() => { waiting = false; take(newest); });
  waiting = true;
}

// docs/live.md tells how a change is made.
function changed(board, change) {
  const rows = change.rows.flatMap((part) => {
    if (!Array.isArray(part)) return [part];
    const [at, what] = part;
    return Number.isInteger(what) ? board.rows.slice(at, at + what) : [{ ...board.rows[at], ...what }];
  });
  return { ...board, ...change.head, rows };
}

// First, last, invert, play: each row starts where it was and moves home.
function glide(before) {
  if (calm.matches) return;
  for (const row of rows().filter((r) => !r.hidden)) {
    for (const move of row.getAnimations()) if (move.id === "glide") move.cancel();
    const top = row.getBoundingClientRect().top;
    const from = before.has(row.dataset.code) ? before.get(row.dataset.code) - top : null;
    if (from) row.animate([{ transform: `translateY(${from}px)` }, { transform: "none" }], { id: "glide", duration: GLIDE, easing: "cubic-bezier(.3, 0, .2, 1)" });
    else if (from === null) row.animate([{ opacity: 0 }, { opacity: 1 }], { id: "glide", duration: GLIDE });
  }
}

// A row that changed glows once; by script, for a style would begin anew whenever the row is moved.
function glow(row) {
  if (calm.matches) return;
  const lit = { background: "var(--line)", boxShadow: "inset .4vw 0 0 var(--sheen)" };
  row.animate([lit, { ...lit, offset: 0.4 }, { background: "var(--paper)", boxShadow: "inset .4vw 0 0 transparent" }], { id: "glow", duration: 2400, easing: "ease-out" });
}

setInterval(() => { if (!held && pages() > 1) { page += 1; show(); } }, TURN);
hold.addEventListener("click", () => { held = !held; hold.textContent = held ? hold.dataset.turn : hold.dataset.hold; });
show();

let source, wait = 1000, watch;
function connect() {
  clearTimeout(watch);
  source?.close();
  source = new EventSource(list.dataset.live);
  const alive = () => {
    wait = 1000;
    words.textContent = said;
    clearTimeout(watch);
    watch = setTimeout(connect, SILENCE);
  };
  source.addEventListener("open", alive);
  source.addEventListener("board", (event) => { alive(); soon(JSON.parse(event.data), event.lastEventId); });
  source.addEventListener("change", (event) => {
    const change = JSON.parse(event.data);
    if (change.from !== tag) return connect(); // something was missed: begin with a whole board
    alive();
    soon(changed(newest, change), event.lastEventId);
  });
  source.addEventListener("ping", alive);
  source.addEventListener("error", () => {
    words.textContent = words.dataset.lost;
    if (source.readyState !== EventSource.CLOSED) return;
    clearTimeout(watch);
    watch = setTimeout(connect, wait + Math.random() * 1000);
    wait = Math.min(wait * 2, 30000);
  });
}
connect();
// A tablet that slept, a screen that was unplugged: ask at once instead of waiting.
addEventListener("online", connect);
addEventListener("offline", () => { words.textContent = words.dataset.lost; });
