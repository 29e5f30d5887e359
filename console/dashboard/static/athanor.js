// What every page needs whether or not the connection holds: the stop button, other presses, ages, light and dark.
(() => {
  const AGE_MS = 1000;
  const words = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

  function ago(seconds) {
    if (seconds < 2) return "now";
    if (seconds < 90) return `${Math.round(seconds)} s ago`;
    if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`;
    if (seconds < 129600) return `${Math.round(seconds / 3600)} h ago`;
    return `${Math.round(seconds / 86400)} days ago`;
  }

  function tick() {
    for (const mark of document.querySelectorAll("time[data-at]")) {
      const at = Number(mark.dataset.at);
      const text = ago(Math.max(Date.now() / 1000 - at, 0));
      if (mark.textContent !== text) mark.textContent = text;
      if (!mark.title) mark.title = words.format(at * 1000);
    }
  }

  function say(text, kind = "") {
    const home = document.getElementById("said");
    const note = document.createElement("p");
    note.className = kind;
    note.textContent = text;
    home.replaceChildren(note);
    clearTimeout(home.timer);
    home.timer = setTimeout(() => note.remove(), kind === "bad" ? 12000 : 6000);
  }

  async function send(path, body, method = "POST") {
    const token = document.querySelector('meta[name="athanor-token"]')?.content ?? "";
    const headers = { "content-type": "application/json", "x-csrf-token": token };
    const reply = await fetch(path, { method, headers, body });
    const told = await reply.json().catch(() => ({}));
    if (!reply.ok) throw new Error([told.detail ?? `the server answered ${reply.status}`, told.remedy].filter(Boolean).join(". "));
    return told;
  }

  async function press(button) {
    if (button.dataset.asks && !window.confirm(button.dataset.asks)) return;
    button.disabled = true;
    try {
      await send(button.dataset.post, button.dataset.body);
      say(button.dataset.said);
    } catch (error) {
      say(error.message, "bad");
    } finally {
      button.disabled = false;
    }
  }

  function item(text, kind) {
    const line = document.createElement("li");
    line.className = kind;
    line.textContent = text;
    return line;
  }

  function told(run) {
    const safe = run.made_safe.map((device) => item(`${device.replaceAll("_", " ")} made safe`, "good"));
    const troubles = Object.entries(run.troubles).map(([device, why]) => item(`${device} NOT SAFE: ${why}`, "bad"));
    return run.was_confirmed ? [...safe, ...troubles] : [item(run.text, "bad")];
  }

  async function edit(button) {
    const box = document.getElementById("edited");
    const field = box.querySelector("textarea");
    field.value = JSON.stringify(JSON.parse(button.dataset.values), null, 1);
    box.querySelector("h2").textContent = button.dataset.title;
    box.querySelector("[data-send]").onclick = async () => {
      try {
        const body = JSON.stringify({ values: JSON.parse(field.value) });
        await send(button.dataset.edit, body, button.dataset.method);
        box.close();
        say(button.dataset.said);
      } catch (error) {
        say(error.message, "bad");
      }
    };
    box.showModal();
  }

  async function stop(button) {
    const box = document.getElementById("stopped");
    const title = box.querySelector("h2");
    const lines = box.querySelector("ul");
    title.textContent = "Stopping …";
    lines.replaceChildren();
    box.showModal();
    try {
      const stopped = await send(button.dataset.stop);
      const all = stopped.every((run) => run.was_confirmed && !Object.keys(run.troubles).length);
      const slowest = Math.max(0, ...stopped.map((run) => run.took_s));
      title.textContent = !stopped.length ? "Nothing was running" : all ? `Safe after ${slowest.toFixed(1)} s` : "Go to the bench";
      lines.replaceChildren(...stopped.flatMap(told));
    } catch (error) {
      title.textContent = `Not stopped: ${error.message}. Use the emergency stop at the bench.`;
    }
  }

  function theme(wanted) {
    localStorage.setItem("athanor-theme", wanted);
    document.documentElement.dataset.theme = wanted;
    window.Quasar?.Dark.set(wanted === "dark");
  }

  function isDark() {
    const chosen = localStorage.getItem("athanor-theme");
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-post],[data-stop],[data-edit],[data-theme-switch],[data-close]");
    if (!button) return;
    if (button.dataset.post) press(button);
    else if (button.dataset.edit) edit(button);
    else if (button.dataset.stop) stop(button);
    else if ("themeSwitch" in button.dataset) theme(isDark() ? "light" : "dark");
    else button.closest("dialog").close();
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-answer]");
    if (!form) return;
    event.preventDefault();
    try {
      await send(form.dataset.answer, JSON.stringify({ answer: form.elements.answer.value }));
      say(`Answered: ${form.elements.answer.value}`);
    } catch (error) {
      say(error.message, "bad");
    }
  });

  function listen() {
    if (!window.socket) return setTimeout(listen, 100);
    const show = () => (document.documentElement.dataset.connection = window.socket.connected ? "on" : "off");
    window.socket.on("connect", show);
    window.socket.on("disconnect", show);
    show();
  }

  document.documentElement.dataset.theme = isDark() ? "dark" : "light";
  addEventListener("DOMContentLoaded", () => {
    listen();
    setInterval(tick, AGE_MS);
  });
  window.athanor = { tick, say, send };
})();
