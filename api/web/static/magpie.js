// Small conveniences. Every page works without them.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// After a refused form, reading starts at the summary.
all("[data-focus]")[0]?.focus();

// Buttons that only make sense with script appear with it.
for (const button of all("[data-copy], [data-print]")) button.hidden = false;

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    const box = document.getElementById(copy.dataset.copy);
    box.select?.();
    try { await navigator.clipboard.writeText(box.value ?? box.textContent); } catch { document.execCommand("copy"); }
    copy.querySelector("span").textContent = copy.dataset.done;
  }
  if (event.target.closest("[data-print]")) print();
  // The leaf of the chosen event glides to the event's page.
  const entry = event.target.closest(".entry a");
  if (entry) entry.closest(".day")?.querySelector(".leaf")?.classList.add("going");
});

// What was said goes by itself, unless it can still be undone; what is current in a row that scrolls is in sight.
for (const toast of all("[data-toast]")) if (!toast.querySelector("form")) setTimeout(() => toast.remove(), 8000);
for (const here of all(".tabs [aria-current], .tight [aria-current=page]")) here.closest(".tabs, .tight").scrollLeft += here.getBoundingClientRect().left - 120;

// One press sends once; what saves a file may be pressed again, for the page stays.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || "again" in form.dataset) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

// Search that answers while typing: the same page is fetched, its result part replaces ours.
for (const form of all("form[data-live]")) {
  let waiting, asked;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      asked?.abort();
      asked = new AbortController();
      const address = `${location.pathname}?${new URLSearchParams(new FormData(form))}`;
      try {
        const answer = await fetch(address, { signal: asked.signal });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById(form.dataset.live);
        if (!answer.ok || !fresh) return;
        document.getElementById(form.dataset.live).replaceWith(fresh);
        history.replaceState(null, "", address);
      } catch (problem) {
        if (problem.name !== "AbortError") form.submit();
      }
    }, 250);
  });
}

// Tick all of a list, and say how many are ticked.
for (const every of all("[data-every]")) {
  const boxes = () => all(`input[name="${every.dataset.every}"]`);
  const count = document.getElementById(every.dataset.count);
  const tell = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    every.checked = ticked > 0 && ticked === boxes().length;
    every.indeterminate = ticked > 0 && !every.checked;
    if (count) count.textContent = count.dataset.words.replace("{n}", ticked);
  };
  every.closest("label").hidden = false;
  every.addEventListener("change", () => { boxes().forEach((box) => { box.checked = every.checked; }); tell(); });
  document.addEventListener("change", (event) => { if (event.target.name === every.dataset.every) tell(); });
  tell();
}

// What was typed survives a lost page, on this device and in this tab only; secrets are never kept.
for (const form of all("form[data-draft]")) {
  const key = `draft ${form.dataset.draft}`;
  const kept = (field) => field.name && !["hidden", "password", "file"].includes(field.type) && !("nokeep" in field.dataset);
  const note = form.querySelector("[data-draft-note]");
  const fresh = () => all("[aria-invalid]", form).length === 0;
  const read = () => JSON.parse(sessionStorage.getItem(key) ?? "null");
  const save = () => {
    const fields = [...form.elements].filter(kept);
    sessionStorage.setItem(key, JSON.stringify(fields.map((field) => [field.name, ["checkbox", "radio"].includes(field.type) ? field.checked : field.value])));
  };
  const fill = (values) => {
    const fields = [...form.elements].filter(kept);
    if (!values || values.length !== fields.length) return false;
    let changed = false;
    fields.forEach((field, i) => {
      const part = typeof values[i][1] === "boolean" ? "checked" : "value";
      if (field.name === values[i][0] && field[part] !== values[i][1]) { field[part] = values[i][1]; changed = true; }
    });
    return changed;
  };
  if (fresh() && fill(read()) && note) note.hidden = false;
  form.addEventListener("input", save);
  form.addEventListener("submit", () => sessionStorage.removeItem(key));
  form.querySelector("[data-draft-forget]")?.addEventListener("click", () => { sessionStorage.removeItem(key); form.reset(); note.hidden = true; });
}
