// Keys for those who want them; every page works without this file.
"use strict";

const steps = () => [...document.querySelectorAll(".step")];

function step(by) {
  const all = steps();
  if (!all.length) return;
  const at = all.findIndex((one) => one.contains(document.activeElement));
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by))];
  const inside = next.closest("details");
  if (inside) inside.open = true;
  const link = next.matches("[tabindex]") ? next : next.querySelector("a, button") || next;
  link.focus({ preventScroll: true });
  next.scrollIntoView({ block: "center" });
}

function press(name) {
  const here = document.activeElement.closest(".step") || steps()[0];
  const found = here && here.querySelector(`[data-key="${name}"]`);
  if (found) found.click();
}

// The paragraph that the keyboard is at, or the one that the address names, whose raw text may stand elsewhere.
function edit() {
  const at = document.activeElement;
  const row = (!at.matches(".raw") && at.closest(".row")) || document.querySelector(".row.here");
  const link = row && row.querySelector(".edit-link");
  if (link) link.click();
  else press("e");
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  a: () => press("a"),
  r: () => press("r"),
  e: edit,
  "/": () => {
    const box = document.getElementById("q");
    if (box) box.focus();
    else location.assign("/");
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  const deed = keys[event.key];
  if (deed) {
    event.preventDefault();
    deed();
  }
});
