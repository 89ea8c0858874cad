
"use strict";
(() => {
  // Columns sort by the exact value behind a cell, not by its rounded text.
  const value = (cell) => cell.dataset.v === undefined ? null : Number(cell.dataset.v);
  const compare = (a, b) => {
    const x = value(a), y = value(b);
    if (x !== null && y !== null) return x - y;
    if (x !== null || y !== null) return x === null ? 1 : -1;
    return a.textContent.localeCompare(b.textContent, "en", { numeric: true });
  };
  for (const table of document.querySelectorAll("table.points")) {
    const headers = [...table.querySelectorAll("thead th")];
    headers.forEach((header, column) => header.addEventListener("click", () => {
      const up = header.getAttribute("aria-sort") !== "ascending";
      headers.forEach((other) => other.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", up ? "ascending" : "descending");
      const body = table.tBodies[0];
      const rows = [...body.rows];
      rows.sort((a, b) => (up ? 1 : -1) * compare(a.cells[column], b.cells[column]));
      body.append(...rows);
    }));
  }
  // A legend entry hides and shows the lines of its colour or mark, within its figure.
  for (const figure of document.querySelectorAll("figure")) {
    const entries = [...figure.querySelectorAll("button.entry")];
    const hidden = (line, name) => entries.some((entry) =>
      entry.dataset[name] === line.dataset[name] && entry.getAttribute("aria-pressed") === "false");
    entries.forEach((entry) => entry.addEventListener("click", () => {
      const pressed = entry.getAttribute("aria-pressed") === "true";
      entry.setAttribute("aria-pressed", String(!pressed));
      for (const line of figure.querySelectorAll("g.line")) {
        line.classList.toggle("off", hidden(line, "colour") || hidden(line, "mark"));
      }
    }));
  }
})();
