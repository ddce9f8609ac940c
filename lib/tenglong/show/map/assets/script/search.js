// A field that firms and parcels are looked up in: type, choose with the arrows, Enter.

const MOST_HITS = 20;

/** What can be looked up, the firms first: a row of the map, and the texts that it is found by. */
function entries(columns, uses) {
  const texts = (list, row) => list.filter((one) => one.isSought).map((one) => one.text(row));
  const firm = (use) => {
    const row = uses.parcels[use];
    return {
      row,
      texts: uses.codes[use] ? [...texts(uses.columns, use), uses.codes[use]] : [],
      about: columns.list.length > 0 ? columns.list[0].text(row) : "",
    };
  };
  const parcel = (row) => {
    const found = texts(columns.list, row);
    return { row, texts: found, about: found.slice(1).join(" ") };
  };
  const firms = uses.parcels.length;
  return { count: firms + columns.count, entry: (place) => (place < firms ? firm(place) : parcel(place - firms)) };
}

function search(field, list, find, words, choose) {
  let hits = [];
  let current = -1;

  const point = (place) => {
    current = place;
    [...list.children].forEach((option, number) => {
      option.setAttribute("aria-selected", String(number === place));
      if (number === place) { option.scrollIntoView({ block: "nearest" }); }
    });
    if (place < 0) { field.removeAttribute("aria-activedescendant"); } else {
      field.setAttribute("aria-activedescendant", list.children[place].id);
    }
  };
  const close = () => {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    point(-1);
  };
  const take = (place) => {
    const hit = hits[place];
    close();
    if (hit) { choose(hit.row); }
  };
  const option = (hit, place) => {
    const made = node("li", "", hit.texts[0]);
    made.id = `${list.id}-${place}`;
    made.setAttribute("role", "option");
    if (hit.about) { made.append(node("small", "", hit.about)); }
    made.addEventListener("mousedown", (event) => { event.preventDefault(); take(place); });
    return made;
  };
  const open = () => {
    const sought = field.value.trim().toLowerCase();
    hits = sought === "" ? [] : find(sought, MOST_HITS);
    const found = hits.map(option);
    if (sought !== "" && hits.length === 0) {
      const none = node("li", "is-none", words.no_hit);
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      none.id = `${list.id}-none`;
      found.push(none);
    }
    list.replaceChildren(...found);
    list.hidden = found.length === 0;
    field.setAttribute("aria-expanded", String(found.length > 0));
    point(hits.length > 0 ? 0 : -1);
  };
  const keys = {
    ArrowDown: () => { if (hits.length > 0) { point((current + 1) % hits.length); } },
    ArrowUp: () => { if (hits.length > 0) { point((current + hits.length - 1) % hits.length); } },
    Enter: () => take(current),
    Escape: close,
  };
  field.addEventListener("input", open);
  field.addEventListener("focus", open);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (list.hidden && event.key !== "ArrowDown") { return; }
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });
}

/** Finds the first entries that have a text somewhere in theirs; all texts are read at the first
    search, and not before. */
function finder({ count, entry }) {
  let lowered = null;
  return (sought, most) => {
    lowered = lowered || Array.from({ length: count }, (_, place) => entry(place).texts.join("\n").toLowerCase());
    const found = [];
    for (let place = 0; place < count && found.length < most; place += 1) {
      if (lowered[place].includes(sought)) { found.push(entry(place)); }
    }
    return found;
  };
}
