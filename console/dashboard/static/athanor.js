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

  async function send(path, body) {
    const token = document.querySelector('meta[name="athanor-token"]')?.content ?? "";
    const headers = { "content-type": "application/json", "x-csrf-token": token };
    const reply = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    const told = await reply.json().catch(() => ({}));
    if (!reply.ok) throw new Error(told.detail ?? told.error ?? `the server answered ${reply.status}`);
    return told;
  }

  async function press(button) {
    button.disabled = true;
    try {
      const told = await send(button.dataset.post, JSON.parse(button.dataset.body ?? "{}"));
      say(told.said ?? button.dataset.said ?? "Done");
    } catch (error) {
      say(error.message, "bad");
    } finally {
      button.disabled = false;
    }
  }

  async function stop(button) {
    const box = document.getElementById("stopped");
    const title = box.querySelector("h2");
    const lines = box.querySelector("ul");
    title.textContent = "Stopping …";
    lines.replaceChildren();
    box.showModal();
    try {
      const told = await send(button.dataset.stop, {});
      title.textContent = told.said;
      lines.replaceChildren(
        ...told.devices.map((each) => {
          const line = document.createElement("li");
          line.className = each.safe ? "good" : "bad";
          line.textContent = each.said;
          return line;
        }),
      );
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
    const button = event.target.closest("[data-post],[data-stop],[data-theme-switch],[data-close]");
    if (!button) return;
    if (button.dataset.post) press(button);
    else if (button.dataset.stop) stop(button);
    else if ("themeSwitch" in button.dataset) theme(isDark() ? "light" : "dark");
    else button.closest("dialog").close();
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
