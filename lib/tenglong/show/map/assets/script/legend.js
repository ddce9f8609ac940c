// The legend of the chosen measure, and how many parcels of each class a filter leaves.

function legends(panel) {
  const parts = [...panel.querySelectorAll("[data-legend]")];
  return (number, classes, matches) => {
    parts.forEach((part, place) => { part.hidden = place !== number; });
    const counts = new Uint32Array(256);
    for (let row = 0; row < classes.length; row += 1) { counts[classes[row]] += matches[row]; }
    parts[number].querySelectorAll("tbody [data-left]").forEach((cell, kind) => {
      cell.textContent = counts[kind].toLocaleString("en");
    });
    const isAll = !matches.includes(0);
    parts[number].querySelectorAll("[data-left]").forEach((cell) => { cell.hidden = isAll; });
  };
}
