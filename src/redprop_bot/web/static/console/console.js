/* Small help for the console: live changes, keys, what was typed. Everything works without it. */
"use strict";
(function () {
  const all = (what, where) => Array.from((where || document).querySelectorAll(what));

  // Live: a part of the page is fetched anew, unless somebody is typing in it.
  const note = document.querySelector("[data-live-note]");
  const place = note.querySelector("a").href;  // not the address of a form that was refused
  const busy = (part) => all("input, select, textarea", part).some((field) =>
    field.type !== "hidden" && (field === document.activeElement || changed(field)));
  function changed(field) {
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return Array.from(field.options).some((o) => o.selected !== o.defaultSelected && o.defaultSelected);
    return field.value !== field.defaultValue;
  }
  let waiting = 0;
  function renew() {
    waiting = 0;
    const parts = all("[data-live]");
    if (!parts.length || document.hidden) return;
    if (parts.some((part) => busy(part) || part.querySelector("details[open]"))) { note.hidden = false; return; }
    fetch(place, { headers: { Accept: "text/html" } }).then((answer) => {
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      return answer.text();
    }).then((text) => {
      const fresh = new DOMParser().parseFromString(text, "text/html");
      parts.forEach((part) => {
        const twin = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
        if (twin && !busy(part)) part.replaceWith(document.importNode(twin, true));
      });
      note.hidden = true;
    }).catch(() => { note.hidden = false; });
  }
  if (document.querySelector("[data-live]") && window.EventSource) {
    const feed = new EventSource("/console/feed");
    feed.addEventListener("change", () => { if (!waiting) waiting = setTimeout(renew, 400); });
    feed.addEventListener("over", () => { feed.close(); note.textContent = "登录到时间了，下一步会请您再登录，填的不会丢。"; note.hidden = false; });
    addEventListener("pagehide", () => feed.close());
  }

  // The menu is longer than a screen: where somebody is stays in sight.
  const at = document.querySelector(".menu [aria-current]");
  if (at && at.offsetParent) at.scrollIntoView({ block: "nearest" });

  // A form is sent once.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;  // no network
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method === "post") {
      form.dataset.sent = "yes";
      setTimeout(() => { delete form.dataset.sent; }, 8000);
    }
  });
  addEventListener("pageshow", () => all("form").forEach((form) => { delete form.dataset.sent; }));

  // A photo of goods is made small before it is sent; where that is not possible it goes as it is.
  document.addEventListener("change", (event) => {
    const field = event.target, most = Number(field.dataset && field.dataset.shrink), file = field.files && field.files[0];
    if (!most || !file || file.type === "image/gif" || !window.createImageBitmap || !window.DataTransfer) return;
    createImageBitmap(file).then((picture) => {
      const scale = Math.min(1, most / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      const brush = canvas.getContext("2d");
      brush.fillStyle = "#fff";
      brush.fillRect(0, 0, canvas.width, canvas.height);
      brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((small) => {
        if (!small || small.size >= file.size || field.files[0] !== file) return;
        const box = new DataTransfer();
        box.items.add(new File([small], "photo.jpg", { type: "image/jpeg" }));
        field.files = box.files;
      }, "image/jpeg", 0.72);
    }).catch(() => {});
  });

  // An address to be taken along without being read out; only where the browser lets a page copy.
  if (navigator.clipboard) all("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => navigator.clipboard.writeText(button.dataset.copy).then(
      () => { button.textContent = "复制好了"; }, () => { button.hidden = true; }));
  });

  // How many are ticked.
  document.addEventListener("change", (event) => {
    const form = event.target.closest && event.target.closest("[data-bulk]");
    if (!form) return;
    const ticked = all("input[name=pick]:checked", form).length;
    form.querySelector("[data-count]").textContent = ticked ? `勾了 ${ticked} 件` : "勾上要派的，一起派";
  });

  // Keys: / search, j k along the rows, o or Enter opens, x ticks, n the next page, g and a letter for a room, ? help.
  let row = -1, going = false;
  function move(step) {
    const rows = all("[data-row]");
    if (!rows.length) return;
    rows.forEach((one) => one.classList.remove("here"));
    row = Math.max(0, Math.min(rows.length - 1, row + step));
    rows[row].classList.add("here");
    rows[row].scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = document.activeElement;
    if (at && /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName) && at.type !== "checkbox") {
      if (event.key === "Escape") at.blur();
      return;
    }
    const here = all("[data-row]")[row];
    const key = event.key;
    const menu = document.getElementById("menu");
    if (key === "Escape" && menu && menu.checked) { menu.checked = false; menu.focus(); return; }
    if (going) {
      going = false;
      const entry = document.querySelector(`a[data-key="${CSS.escape(key)}"]`);
      if (entry) location.assign(entry.href);
      return;
    }
    if (key === "g") going = true;
    else if (key === "/") { const search = document.querySelector("[data-search]"); if (search) { event.preventDefault(); search.focus(); search.select(); } }
    else if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "n") { const next = document.querySelector("[data-next]"); if (next) location.assign(next.href); }
    else if (key === "o" && here) { const link = here.matches("a") ? here : here.querySelector("a"); if (link) location.assign(link.href); }
    else if (key === "x" && here) { const box = here.querySelector("input[type=checkbox]"); if (box) box.click(); }
    else if (key === "?") { const help = document.querySelector("dialog[data-keys]"); if (help && help.showModal) help.showModal(); }
  });
})();
