// The editor of schemes keeps what is typed at once; without this the button "Save" does.

const form = document.querySelector("form[data-part]");
const swap = ["outline", "saving"];
let queue = Promise.resolve(), busy = 0, waiting = false, changed = false;

// What an answer shows of the draft as it now is: outline and total, what is wrong at each field, the next token.
const show = (page) => {
  for (const id of swap) {
    const fresh = page.getElementById(id), here = document.getElementById(id);
    if (fresh && here && !here.contains(document.activeElement)) here.replaceWith(fresh);
  }
  const next = page.querySelector("form[data-part]");
  if (!next) return false;
  form.querySelector("h2").textContent = next.querySelector("h2").textContent;
  form.querySelector("[name=was]").value = next.querySelector("[name=was]").value;
  for (const name of ["token", "version"])
    for (const field of document.querySelectorAll(`[name="${name}"]`)) field.value = next.querySelector(`[name="${name}"]`).value;
  for (const field of form.querySelectorAll("[id^='f-']")) {
    const other = page.getElementById(field.id), box = field.closest(".field"), fresh = other?.closest(".field");
    if (!fresh) continue;
    box.classList.toggle("has-error", fresh.classList.contains("has-error"));
    box.querySelector(":scope > .error")?.remove();
    const told = fresh.querySelector(":scope > .error");
    if (told) (box.querySelector(".hint") ?? box.querySelector("label, legend")).after(told);
    for (const name of ["aria-invalid", "aria-describedby"])
      other.hasAttribute(name) ? field.setAttribute(name, other.getAttribute(name)) : field.removeAttribute(name);
  }
  return true;
};

const keep = async () => {
  waiting = changed = false;
  const data = new FormData(form);
  data.set("do", "save");
  try {
    const answer = await fetch(location.href, { method: "POST", body: new URLSearchParams(data) });
    const done = show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (!answer.ok || !done) changed = true;
  } catch { changed = true; }
};

// One after the other, for each begins where the one before ended; what has not begun yet takes everything along.
const run = () => {
  if (waiting) return queue;
  waiting = true;
  busy += 1;
  queue = queue.then(keep).finally(() => { busy -= 1; });
  return queue;
};

if (form) {
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("change", (event) => {
    if (event.target.name === "new_kind" || event.target.name === "source") return;
    // Another kind has other fields, another place another outline: the page is made anew.
    if (["kind", "under"].includes(event.target.name)) form.requestSubmit(form.querySelector("[value=save]"));
    else run();
  });
  // Whoever goes on, by a button or a link, waits for what is being kept, so that nothing is kept twice or lost.
  document.addEventListener("submit", (event) => {
    if (!busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { target, submitter } = event;
    queue.then(() => {
      const fresh = submitter?.isConnected ? submitter : document.querySelector(`[name=do][value="${submitter?.value}"]`);
      if (fresh) fresh.click();
      else target.requestSubmit();
    });
  }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !(busy || changed)) return;
    if (link.getAttribute("href").startsWith("#") || !form.querySelector("[name=at]")) return;
    event.preventDefault();
    // What could not be kept is shown first; who presses again goes all the same.
    (busy ? queue : run()).then(() => {
      if (!changed || link.dataset.leave) location.href = link.href;
      else link.dataset.leave = "yes";
    });
  });
}
