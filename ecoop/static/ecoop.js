// Small comforts. Every page works without them.
"use strict";

// A choice that shows itself at once; the button beside it is for who has no JavaScript.
for (const choice of document.querySelectorAll("[data-submit]")) {
  choice.addEventListener("change", () => choice.form.requestSubmit());
}

// A menu closes when one looks elsewhere, or presses Escape.
for (const drop of document.querySelectorAll("details.drop")) {
  document.addEventListener("click", (event) => {
    if (!drop.contains(event.target)) drop.open = false;
  });
  drop.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drop.open) {
      drop.open = false;
      drop.querySelector("summary").focus();
    }
  });
}

// Tables that can be put in order by a column.
const number = new Intl.Collator(document.documentElement.lang, { numeric: true });

function order(table, place, up) {
  const body = table.tBodies[0];
  const value = (row) => row.cells[place].dataset.value ?? row.cells[place].textContent.trim();
  const asNumber = (text) => (text !== "" && !Number.isNaN(Number(text)) ? Number(text) : null);
  const rows = [...body.rows].sort((one, other) => {
    const [a, b] = [value(one), value(other)];
    if ((a === "") !== (b === "")) return a === "" ? 1 : -1; // what is unknown stands last
    const [x, y] = [asNumber(a), asNumber(b)];
    const way = x !== null && y !== null ? x - y : number.compare(a, b);
    return up ? way : -way;
  });
  body.append(...rows);
}

for (const table of document.querySelectorAll("table[data-sortable]")) {
  [...table.tHead.rows[0].cells].forEach((head, place) => {
    if (!head.textContent.trim() || head.querySelector(".visually-hidden")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sorter";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      order(table, place, up);
    });
  });
}

// On paper everything is told: what is folded on the screen is opened for the printer, and folded again.
const folded = () => document.querySelectorAll("details.more:not([open])");
addEventListener("beforeprint", () => {
  for (const part of folded()) {
    part.open = true;
    part.dataset.printed = "";
  }
});
addEventListener("afterprint", () => {
  for (const part of document.querySelectorAll("details[data-printed]")) {
    part.open = false;
    delete part.dataset.printed;
  }
});

// On a narrow screen the menu goes on beyond the edge: show where one is.
document.querySelector(".menu [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
