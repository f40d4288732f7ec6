"""What is asked of every page in a browser: names, labels, contrast, sizes, one main and one first heading, nothing
that is cut at the edge without a word."""

AUDIT = """() => {
  const wrong = [];
  const seen = (e) => { const r = e.getBoundingClientRect(), s = getComputedStyle(e); return r.width > 1 && r.height > 1 && s.visibility !== "hidden"; };
  const rgb = (c) => { const m = c.match(/[\\d.]+/g).map(Number); return m.length > 3 && m[3] === 0 ? null : m.slice(0, 3); };
  const ground = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c) return c; } return [255, 255, 255]; };
  const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  document.querySelectorAll("input, select, textarea").forEach((f) => {
    if (f.type === "hidden") return;
    if (!(f.labels && f.labels.length) && !f.getAttribute("aria-label")) wrong.push("no label: " + f.outerHTML.slice(0, 90));
  });
  document.querySelectorAll("a, button, summary").forEach((f) => {
    if (!(f.textContent.trim() || f.getAttribute("aria-label") || f.querySelector("img[alt]"))) wrong.push("no name: " + f.outerHTML.slice(0, 90));
    if (f.tabIndex > 0) wrong.push("tabindex: " + f.outerHTML.slice(0, 90));
  });
  document.querySelectorAll("img:not([alt])").forEach((f) => wrong.push("no alt: " + f.src));
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  ids.filter((id, n) => ids.indexOf(id) !== n).forEach((id) => wrong.push("twice: #" + id));
  if (!document.documentElement.lang) wrong.push("no language");
  if (!document.title.trim()) wrong.push("no title");
  if (document.querySelectorAll("main").length !== 1) wrong.push("main");
  if (document.querySelectorAll("h1").length !== 1) wrong.push("h1: " + document.querySelectorAll("h1").length);
  document.querySelectorAll("main table, main svg").forEach((e) => { if (e.getBoundingClientRect().right > innerWidth + 1) wrong.push("cut: " + e.outerHTML.slice(0, 90)); });
  document.querySelectorAll("main *, header *, nav *").forEach((e) => {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) || !seen(e)) return;
    const s = getComputedStyle(e), a = light(rgb(s.color) || [0, 0, 0]), b = light(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    const big = parseFloat(s.fontSize) >= 24 || (parseFloat(s.fontSize) >= 18.6 && s.fontWeight >= 600);
    if (ratio < (big ? 3 : 4.5)) wrong.push("contrast " + ratio.toFixed(1) + ": " + e.textContent.trim().slice(0, 30));
    if (parseFloat(s.fontSize) < 14) wrong.push("small: " + e.textContent.trim().slice(0, 30));
  });
  return wrong;
}"""
