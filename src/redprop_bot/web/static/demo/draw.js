// Draws what the ledger says onto a phone. Everything that anybody wrote goes in as text, never as markup.
"use strict";

const Draw = (() => {
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };

  const note = (text, bad) => make("p", bad ? "note bad" : "note", text);

  // Only addresses of web pages become links.
  const linked = (parent, text) => {
    let end = 0;
    for (const found of text.matchAll(/https?:\/\/[^\s<>"'，。；）]+/g)) {
      parent.append(text.slice(end, found.index), anchor(found[0], found[0]));
      end = found.index + found[0].length;
    }
    parent.append(text.slice(end));
    return parent;
  };

  const anchor = (address, text) => {
    const link = make("a", "", text.replace(/\?k=.*$/, ""));
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  };

  const row = (side, face, content) => {
    const line = make("div", "line " + side);
    const icon = make("span", "face", face);
    icon.setAttribute("aria-hidden", "true");
    line.append(icon, content);
    return line;
  };

  const picture = (mediaId) => {
    const bubble = make("div", "bubble picture");
    const image = make("img");
    image.src = "/demo/pictures/" + encodeURIComponent(mediaId);
    image.alt = "照片";
    image.width = 176;
    image.height = 132;
    bubble.append(image);
    return bubble;
  };

  const place = (text, detail) => {
    const bubble = make("div", "bubble place");
    bubble.append(make("b", "", "📍 " + (text || "位置")));
    bubble.append(make("small", "", Number(detail.latitude).toFixed(4) + "，" + Number(detail.longitude).toFixed(4)));
    return bubble;
  };

  const menu = (text, detail, choose) => {
    const bubble = linked(make("div", "bubble"), text);
    for (const option of detail.options) {
      const choice = make("button", "choice", option.content);
      choice.type = "button";
      choice.addEventListener("click", () => choose(String(option.id)));
      bubble.append(choice);
    }
    if (detail.tail) bubble.append(make("div", "", detail.tail));
    return bubble;
  };

  // What the platform shows of a template message or a subscription notice: its fields, and the page behind it.
  const notice = (entry) => {
    const box = make("article", "card notice");
    box.append(make("h3", "", entry.kind === "subscription" ? "订阅通知" : "模板消息"));
    for (const line of entry.text.split("\n")) if (line) box.append(make("p", "", line));
    const address = entry.detail.url || entry.detail.page || "";
    if (/^https?:\/\//.test(address)) {
      const link = anchor(address, "查看详情");
      link.className = "more-link";
      box.append(link);
    }
    return box;
  };

  const NAMES = { video: "【视频】", shortvideo: "【小视频】", voice: "【语音】", link: "【链接】", news: "【文章】" };

  const rows = (items) => {
    const list = make("dl");
    for (const item of items) {
      const pair = make("div");
      pair.append(make("dt", "", item.keyname), make("dd", "", item.value));
      list.append(pair);
    }
    return list;
  };

  const card = (content, tap) => {
    const box = make("article", "card");
    box.append(make("h3", "", (content.main_title || {}).title || ""));
    if (content.sub_title_text) box.append(make("p", "sub", content.sub_title_text));
    if (content.quote_area) box.append(make("blockquote", "", content.quote_area.quote_text));
    if (content.horizontal_content_list) box.append(rows(content.horizontal_content_list));
    const address = (content.card_action || {}).url || "";
    if (/^https?:\/\//.test(address)) {
      const link = anchor(address, "查看详情");
      link.className = "more-link";
      box.append(link);
    }
    const foot = make("div", "foot");
    for (const item of content.button_list || []) {
      const button = make("button", item.style === 1 ? "first" : "", item.text);
      button.type = "button";
      button.addEventListener("click", () => tap(item.key, foot));
      foot.append(button);
    }
    box.append(foot);
    return { box, foot };
  };

  const settle = (foot, text) => {
    foot.className = "foot over";
    foot.textContent = text;
  };

  const happened = (entry) => {
    const scene = entry.text.replace(/^(关注|扫码)\s*/, "").replace(/^(estate|building):/, "").replace(/^([^/]+)\/([^/]+)\/(.+)$/, "$1 $2栋$3单元").replace(/^([^/]+)\/([^/]+)$/, "$1 $2栋");
    if (entry.detail.event === "subscribe") return scene ? "扫了" + scene + "的码，关注了公众号" : "关注了公众号";
    if (entry.detail.event === "scan") return "扫了" + scene + "的码";
    if (entry.detail.event === "unsubscribe") return "取消了关注";
    return entry.text;
  };

  // The bot speaks of times where its residents live; a browser elsewhere must not say another hour beside it.
  const zone = document.body.dataset.zone;
  const clock = (moment) => moment.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", timeZone: zone });

  return { note, linked, make, row, picture, place, menu, notice, card, settle, happened, clock, NAMES };
})();
