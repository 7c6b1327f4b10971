// Small conveniences; every page works without them.
"use strict";

// Single keys as shortcuts can be switched off (WCAG 2.1.4); the choice stays in this browser.
const keys = document.getElementById("keys");
const shortcuts = document.querySelector("[data-shortcuts]");
const opener = document.querySelector("[data-keys]");
if (keys && shortcuts && opener && keys.showModal) {
  shortcuts.checked = localStorage.getItem("shortcuts") !== "off";
  shortcuts.addEventListener("change", () => localStorage.setItem("shortcuts", shortcuts.checked ? "on" : "off"));
  opener.hidden = false;
  opener.addEventListener("click", () => keys.showModal());
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable], dialog");
  if (typing || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (shortcuts && !shortcuts.checked) return;
  if (event.key === "?" && opener && !opener.hidden) {
    event.preventDefault();
    keys.showModal();
  }
  const box = document.querySelector("[data-search]");
  if (event.key !== "/" || !box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// Enter that confirms a word in a Chinese input method must not send the form.
document.querySelectorAll("[data-search]").forEach((box) => {
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.isComposing) event.preventDefault();
  });
});

document.querySelectorAll("[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.classList.add("done");
  });
});

// All rows of a table are ticked at once.
document.querySelectorAll("[data-tick-all]").forEach((all) => {
  all.hidden = false;
  const boxes = [...all.closest("table").querySelectorAll("tbody input[type=checkbox]")];
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
});

// How many of some boxes are ticked, beside what it is said of.
document.querySelectorAll("[data-count-of]").forEach((place) => {
  const boxes = [...document.querySelectorAll(`input[name="${place.dataset.countOf}"]`)];
  boxes.forEach((box) => box.addEventListener("change", () => {
    place.textContent = boxes.filter((one) => one.checked).length;
  }));
});

// On a phone each cell of a wide table stands under the heading of its column.
document.querySelectorAll(".scroll").forEach((region) => {
  const headings = [...region.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
  region.querySelectorAll("tbody tr").forEach((row) => {
    [...row.cells].forEach((cell, at) => { cell.dataset.label = headings[at] || ""; });
  });
  region.classList.add("cards");
});

const errors = document.querySelector(".summary[role=alert]");
if (errors) errors.focus();
