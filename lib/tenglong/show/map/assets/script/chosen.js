// The parcel that is chosen: its firms stand below the map, and lead to their rows on other pages.

// How the rows of firms begin their names, on the pages that have any.
const ROWS = { enterprises: "firm-", clearance: "listed-" };

/** The pages that tell of a firm, of those that the report has. */
function firmPages(uses) {
  const known = (document.body.dataset.pages || "").split(" ");
  return Object.keys(uses.pages).filter((page) => known.includes(page));
}

function firmTable(uses, rows, words) {
  const pages = firmPages(uses);
  const head = node("tr");
  uses.columns.forEach((one) => {
    const cell = node("th", "", one.label);
    cell.scope = "col";
    head.append(cell);
  });
  pages.forEach((page) => {
    const cell = node("th", "", words[`page_${page}`]);
    cell.scope = "col";
    head.append(cell);
  });
  const body = node("tbody");
  rows.forEach((use) => {
    const line = node("tr");
    uses.columns.forEach((one, place) => {
      const cell = node(place === 0 ? "th" : "td", "", one.text(use));
      if (place === 0) { cell.scope = "row"; }
      line.append(cell);
    });
    pages.forEach((page) => {
      const address = `${page}.html#${ROWS[page]}${encodeURIComponent(uses.codes[use])}`;
      const cell = node("td");
      if (uses.pages[page][use]) { cell.append(link(address, words[`page_${page}`])); }
      line.append(cell);
    });
    body.append(line);
  });
  const table = node("table");
  const thead = node("thead");
  thead.append(head);
  table.append(thead, body);
  return table;
}

/** Shows the firms of a parcel in the place for them; nothing where no parcel is chosen. */
function chosenPlace(panel, columns, uses, words) {
  const place = panel.querySelector(".parcel-map-chosen");
  const said = panel.querySelector(".parcel-map-said");
  return (row, isDrawn) => {
    const rows = uses.of(row);
    const name = columns.length > 0 ? columns[0].text(row) : "";
    const template = rows.length > 0 ? words.firms_of : words.no_firms;
    const title = filled(template, { parcel: name, n: rows.length });
    const parts = [node("p", "parcel-map-caption", title)];
    if (!isDrawn) { parts.push(node("p", "note", words.no_outline_one)); }
    const held = node("div", "table");
    held.append(rows.length > 0 ? firmTable(uses, rows, words) : card(columns, row));
    place.replaceChildren(...parts, held);
    place.hidden = uses.columns.length === 0 && isDrawn;
    said.textContent = place.hidden ? "" : title;
    return place;
  };
}
