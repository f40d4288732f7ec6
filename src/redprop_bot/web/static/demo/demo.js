// The demo page: one feed for all phones, one post per thing done. What a phone shows comes only by the feed.
"use strict";

(() => {
  const GAP = 5 * 60 * 1000; // milliseconds of silence before the time is shown again
  const SIDE = 1280; // pixels of the longer side of a picture that is sent
  const narrow = window.matchMedia("(max-width: 700px)");
  const seats = new Map();
  let run = "";
  let fresh = true; // what the feed repeats at the beginning is not news
  let active = "";

  const toast = document.querySelector(".toast");
  let toasting = 0;
  const say = (text) => {
    toast.textContent = text;
    toast.hidden = false;
    clearTimeout(toasting);
    toasting = setTimeout(() => { toast.hidden = true; }, 4000);
  };

  const post = async (seat, act, body, type) => {
    try {
      const response = await fetch("/demo/phones/" + encodeURIComponent(seat.id) + "/" + act, {
        method: "POST",
        headers: { "Content-Type": type || "application/json" },
        body: type ? body : JSON.stringify(body),
      });
      const answer = await response.json();
      if (answer.error) say(answer.error.message);
      return response.ok;
    } catch {
      say("没有发出去，请看看服务是不是还开着。");
      return false;
    }
  };

  // -- showing

  const badge = (seat) => {
    for (const mark of seat.badges) {
      mark.hidden = !seat.unread;
      mark.textContent = seat.unread > 99 ? "99+" : String(seat.unread);
      mark.setAttribute("aria-label", seat.unread + " 条新消息");
    }
  };

  const read = (seat) => {
    if (seat.unread) {
      seat.unread = 0;
      badge(seat);
    }
  };

  const looking = (seat) => (narrow.matches ? seat.id === active : seat.root.contains(document.activeElement)) && !document.hidden;

  const content = (seat, entry) => {
    const detail = entry.detail;
    if (entry.kind === "image") return Draw.picture(detail.media_id);
    if (entry.kind === "location") return Draw.place(entry.text, detail);
    if (entry.kind === "menu") return Draw.menu(entry.text, detail, (item) => post(seat, "choose", { item }));
    if (entry.kind === "card") {
      const { box, foot } = Draw.card(detail.card, (key, area) => {
        area.querySelectorAll("button").forEach((button) => { button.disabled = true; });
        post(seat, "tap", { task_id: detail.task_id, key }).then(() => {
          area.querySelectorAll("button").forEach((button) => { button.disabled = false; });
        });
      });
      seat.cards.set(detail.task_id, foot);
      return box;
    }
    if (entry.kind === "template" || entry.kind === "subscription") return Draw.notice(entry);
    const name = Draw.NAMES[entry.kind];
    return Draw.linked(Draw.make("div", "bubble"), name ? [name, entry.text].filter(Boolean).join(" ") : entry.text);
  };

  const element = (seat, entry) => {
    if (entry.kind === "event") return Draw.note(Draw.happened(entry));
    if (entry.kind === "tap") return Draw.note("点了“" + entry.text + "”");
    if (entry.kind === "prompt") return Draw.note(entry.text, true);
    return Draw.row(entry.side, entry.side === "person" ? seat.face : "社", content(seat, entry));
  };

  const show = (seat, entry) => {
    if (entry.kind === "card_update") {
      const foot = seat.cards.get(entry.detail.task_id);
      if (foot) Draw.settle(foot, entry.text);
      return;
    }
    const talk = seat.talk;
    const near = talk.scrollHeight - talk.scrollTop - talk.clientHeight < 80;
    const at = new Date(entry.at);
    if (at - seat.last > GAP) talk.append(Draw.note(Draw.clock(at)));
    seat.last = at;
    talk.append(element(seat, entry));
    if (near || entry.side === "person" || fresh) talk.scrollTop = talk.scrollHeight;
    if (entry.side === "account" && !fresh && !looking(seat)) {
      seat.unread += 1;
      badge(seat);
    }
  };

  const clear = () => {
    for (const seat of seats.values()) {
      seat.talk.replaceChildren();
      seat.cards.clear();
      seat.last = 0;
      read(seat);
    }
  };

  // -- the feed

  const link = document.querySelector("[data-link]");
  const connect = () => {
    const feed = new EventSource("/demo/feed");
    let settling = 0;
    feed.addEventListener("hello", (event) => {
      const hello = JSON.parse(event.data);
      if (hello.run !== run) {
        clear();
        run = hello.run;
        fresh = true;
        settling = setTimeout(() => { fresh = false; }, 300);
      }
      link.textContent = "已连上";
      link.classList.add("on");
    });
    feed.addEventListener("line", (event) => {
      const entry = JSON.parse(event.data);
      const seat = seats.get(entry.phone);
      if (seat) show(seat, entry);
    });
    feed.addEventListener("error", () => {
      link.textContent = "断开了，正在重连…";
      link.classList.remove("on");
      if (feed.readyState === EventSource.CLOSED) {
        clearTimeout(settling);
        setTimeout(connect, 2000);
      }
    });
  };

  // -- doing

  const send = (seat, text) => {
    if (!text.trim()) return;
    post(seat, "say", { text });
  };

  const shrunk = async (source) => {
    const scale = Math.min(1, SIDE / Math.max(source.width, source.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(source.width * scale);
    canvas.height = Math.round(source.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(source, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
  };

  const sendPicture = async (seat, source) => {
    try {
      await post(seat, "picture", await shrunk(await source()), "image/jpeg");
    } catch {
      say("这张照片打不开，请换一张。");
    }
  };

  const drawing = (address) => async () => {
    const image = new Image();
    image.src = address;
    await image.decode();
    return image;
  };

  const fold = (seat, open) => {
    seat.panel.hidden = !open;
    seat.more.setAttribute("aria-expanded", String(open));
    if (open) seat.talk.scrollTop = seat.talk.scrollHeight;
  };

  const fromPanel = (seat, data) => {
    if (data.picture) sendPicture(seat, drawing(data.picture));
    else if (data.scene) post(seat, "scan", { scene: data.scene });
    else post(seat, "location", { latitude: Number(data.lat), longitude: Number(data.lng), label: data.label });
    fold(seat, false);
  };

  const seatOf = (root) => {
    const id = root.dataset.seat;
    const phone = root.querySelector(".phone");
    return {
      id,
      root,
      face: root.querySelector(".label b").textContent.trim().split(" ").pop().charAt(0),
      talk: phone.querySelector(".talk"),
      panel: phone.querySelector(".panel"),
      more: phone.querySelector(".more"),
      badges: document.querySelectorAll('[data-badge="' + CSS.escape(id) + '"]'),
      cards: new Map(),
      unread: 0,
      last: 0,
    };
  };

  const wire = (seat) => {
    const { root, panel } = seat;
    root.querySelector(".write").addEventListener("submit", (event) => {
      event.preventDefault();
      const field = event.target.elements.text;
      send(seat, field.value);
      field.value = "";
    });
    root.querySelectorAll("[data-say]").forEach((chip) => {
      chip.addEventListener("click", () => send(seat, chip.dataset.say));
    });
    // A mouse has no way to push the row of sentences sideways.
    const chips = root.querySelector(".chips");
    chips.addEventListener("wheel", (event) => {
      if (!event.deltaX && event.deltaY) {
        event.preventDefault();
        chips.scrollLeft += event.deltaY;
      }
    }, { passive: false });
    seat.more.addEventListener("click", () => fold(seat, panel.hidden));
    panel.querySelectorAll("button").forEach((button) => {
      button.addEventListener("click", () => fromPanel(seat, button.dataset));
    });
    panel.querySelector("input[type=file]").addEventListener("change", (event) => {
      const [file] = event.target.files;
      event.target.value = "";
      if (file) sendPicture(seat, () => createImageBitmap(file));
      fold(seat, false);
    });
    // Pages of ours open as in this phone's browser: who it is, the platform tells the page.
    seat.talk.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      const page = link && new URL(link.href);
      if (!page || page.origin !== location.origin || !page.pathname.startsWith("/m/")) return;
      link.href = "/demo/phones/" + encodeURIComponent(seat.id) + "/open?to=" + encodeURIComponent(page.pathname + page.search);
    });
    for (const kind of ["pointerdown", "focusin"]) root.addEventListener(kind, () => read(seat));
  };

  // -- one phone at a time

  const turnTo = (id) => {
    active = id;
    document.querySelectorAll(".seat").forEach((root) => root.classList.toggle("active", root.dataset.seat === id));
    document.querySelectorAll("[data-tab]").forEach((tab) => tab.setAttribute("aria-pressed", String(tab.dataset.tab === id)));
    const seat = seats.get(id);
    if (seat && narrow.matches) {
      read(seat);
      seat.talk.scrollTop = seat.talk.scrollHeight;
    }
    try { sessionStorage.setItem("phone", id); } catch { /* only a convenience */ }
  };

  document.querySelectorAll(".seat:not(.guide)").forEach((root) => {
    const seat = seatOf(root);
    seats.set(seat.id, seat);
    wire(seat);
  });
  document.querySelectorAll("[data-tab]").forEach((tab) => tab.addEventListener("click", () => turnTo(tab.dataset.tab)));
  let first = seats.keys().next().value;
  try { first = sessionStorage.getItem("phone") || first; } catch { /* only a convenience */ }
  turnTo(seats.has(first) || first === "guide" ? first : seats.keys().next().value);
  connect();

  // The code on a poster of the demo leads here: the first resident scans it.
  const scene = new URLSearchParams(location.search).get("scan");
  const scanner = (document.querySelector(".phone.oa") || document.querySelector(".phone")).closest(".seat");
  if (scene && scanner) {
    history.replaceState(null, "", location.pathname);
    turnTo(scanner.dataset.seat);
    post(seats.get(scanner.dataset.seat), "scan", { scene });
  }
})();
