// Keeps a section while it is being filled in. The page works the same without it: its buttons do what this does.
const form = document.querySelector("form[data-keep]");
const line = form?.querySelector("[role=status]");
const mark = form?.querySelector("[name=mark]");

/** Milliseconds without a key before what was typed is kept. */
const PAUSE = 2_000;

/**
 * @param {HTMLFormElement} form
 * @param {Element} line where it is said what happened
 * @param {HTMLInputElement} mark what stands, as the page knows it
 */
function keepAsOneGoes(form, line, mark) {
  const { keep: address = "", keeping = "", offline = "" } = form.dataset;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let isDirty = false;
  let isBusy = false;
  /** @type {HTMLElement | null | undefined} a button that was pressed while something was on its way */
  let pressed;

  async function keep() {
    clearTimeout(timer);
    if (!isDirty || isBusy) return;
    isDirty = false;
    isBusy = true;
    line.textContent = keeping;
    try {
      const body = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
      const answer = await fetch(address, { method: "POST", body, keepalive: true, redirect: "error" });
      const { words, mark: now } = await answer.json();
      line.textContent = words;
      if (now !== null) mark.value = now;
    } catch {
      // What was typed stays on the page, and is tried again after a while.
      isDirty = true;
      line.textContent = offline;
    }
    isBusy = false;
    if (pressed !== undefined) form.requestSubmit(pressed);
    else if (isDirty) timer = setTimeout(keep, 5 * PAUSE);
  }

  form.addEventListener("input", () => {
    isDirty = true;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    isDirty = false;
    clearTimeout(timer);
    // What is on its way comes first, or the two would collide.
    if (isBusy) {
      event.preventDefault();
      pressed = event.submitter;
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
}

if (form instanceof HTMLFormElement && line instanceof Element && mark instanceof HTMLInputElement)
  keepAsOneGoes(form, line, mark);

export {};
