// The button that asks for one message when an order is done. It is the platform's: here it is only switched on,
// and its answer said. Without it the plain link below it is all there is.
(function () {
  "use strict";
  var box = document.getElementById("subscribe");
  if (!box) return;
  var button = document.getElementById("subscribe-button");
  var said = box.querySelector(".said");

  function say(text, state) {
    said.textContent = text;
    box.dataset.state = state;
  }

  if (typeof wx === "undefined" || !button) {
    box.dataset.state = "plain";
    return;
  }
  wx.config(JSON.parse(box.dataset.config));
  wx.error(function () { box.dataset.state = "plain"; });
  button.addEventListener("success", function (event) {
    var details = String(event.detail && event.detail.subscribeDetails);
    if (details.indexOf("accept") >= 0) say("好，有结果就在微信上告诉您一次。", "done");
    else say("好，不打扰。想知道进展，随时在公众号里问一句。", "done");
  });
  button.addEventListener("error", function () { box.dataset.state = "plain"; });
})();
