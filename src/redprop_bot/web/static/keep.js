/* What was typed outlives a lost connection. Everything works without it; old browsers read it. */
"use strict";
(function () {
  var DRAFT = "draft";

  function fields(form) {
    return Array.prototype.filter.call(form.elements, function (field) {
      return field.name && !/^(hidden|password|file|submit|button|fieldset)$/.test(field.type);
    });
  }
  function ticked(field) { return /^(checkbox|radio)$/.test(field.type); }
  function names(form) { return fields(form).map(function (field) { return field.name; }).join(); }

  function tell(form, text) {
    var old = document.querySelector("[data-kept]");
    if (old) old.remove();
    var note = document.createElement("p");
    note.className = "note notice bad";
    note.setAttribute("role", "alert");
    note.setAttribute("data-kept", "");
    note.textContent = text;
    form.parentNode.insertBefore(note, form);
  }

  var reached = false;
  // The browser says that there is no network. The house may stand on this very machine: it is asked before.
  function ask(form, pressed) {
    function lost() { tell(form, "网络断了，填的都还在。连上了再点一次。"); }
    if (!window.fetch || !form.requestSubmit) { lost(); return; }
    fetch("/healthz", { cache: "no-store" }).then(function () {
      reached = true;
      if (pressed) form.requestSubmit(pressed); else form.requestSubmit();
      reached = false;
    }, lost);
  }

  // Without a network nothing is sent; where nobody answered, the words wait for whoever comes back.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (navigator.onLine === false && !reached) {
      event.preventDefault();
      ask(form, event.submitter);
      return;
    }
    var values = fields(form).map(function (field) { return ticked(field) ? field.checked : field.value; });
    try {
      sessionStorage.setItem(DRAFT, JSON.stringify({ action: form.action, names: names(form), values: values }));
    } catch (refusal) { /* full, or not allowed */ }
  });

  var draft = null;
  try {
    draft = JSON.parse(sessionStorage.getItem(DRAFT));
    sessionStorage.removeItem(DRAFT);
  } catch (refusal) { return; }
  var came = performance.getEntriesByType && performance.getEntriesByType("navigation")[0];
  if (!draft || !came || document.querySelector("main > .note, [role=alert]")) return;
  var form = Array.prototype.filter.call(document.forms, function (one) {
    return one.action === draft.action && names(one) === draft.names;
  })[0];
  // Most forms have their answer on the page they stand on; only one whose answer is elsewhere (data-keep) may be
  // put back wherever somebody comes from.
  if (!form || (came.type === "navigate" && !form.hasAttribute("data-keep"))) return;
  fields(form).forEach(function (field, n) {
    if (ticked(field)) field.checked = draft.values[n]; else field.value = draft.values[n];
  });
  var fold = form.closest && form.closest("details");
  if (fold) fold.open = true;
  tell(form, "刚才没有送出去，填的放回来了，再点一次。");
})();
