// The legend of the chosen measure, and how many parcels of each class a filter leaves.

function legends(panel) {
  const parts = [...panel.querySelectorAll("[data-legend]")];
  return (number, classes, matches) => {
    parts.forEach((part, place) => { part.hidden = place !== number; });
    const counts = new Map();
    classes.forEach((kind, row) => {
      if (matches[row]) { counts.set(kind, (counts.get(kind) || 0) + 1); }
    });
    parts[number].querySelectorAll("tbody [data-left]").forEach((cell, kind) => {
      cell.textContent = (counts.get(kind) || 0).toLocaleString("en");
    });
    const isAll = matches.every(Boolean);
    parts[number].querySelectorAll("[data-left]").forEach((cell) => { cell.hidden = isAll; });
  };
}
