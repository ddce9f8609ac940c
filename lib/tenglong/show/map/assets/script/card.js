// Elements whose texts come from data: they are set as text, never as HTML.

function node(tag, className, text) {
  const made = document.createElement(tag);
  if (className) { made.className = className; }
  if (text !== undefined) { made.textContent = text; }
  return made;
}

/** The facts of a parcel; the first names it. */
function card(columns, row) {
  const made = node("div", "parcel-map-card");
  const facts = node("dl");
  columns.forEach((one, place) => {
    if (place === 0) {
      made.append(node("strong", "", one.text(row)));
    } else {
      facts.append(node("dt", "", one.label), node("dd", "", one.text(row)));
    }
  });
  made.append(facts);
  return made;
}

/** A link within the report. */
function link(address, text) {
  const made = node("a", "", text);
  made.href = address;
  return made;
}
