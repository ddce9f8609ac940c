// A field that firms and parcels are looked up in: type, choose with the arrows, Enter.

const MOST_HITS = 20;

/** What can be looked up: a row of the map, and the texts that it is found by. */
function entries(columns, uses) {
  const texts = (list, row) => list.filter((one) => one.isSought).map((one) => one.text(row));
  const parcels = Array.from({ length: columns.count }, (_, row) => {
    const found = texts(columns.list, row);
    return { row, texts: found, about: found.slice(1).join(" ") };
  });
  const firms = uses.parcels.map((row, use) => ({
    row,
    texts: uses.codes[use] ? [...texts(uses.columns, use), uses.codes[use]] : [],
    about: columns.list.length > 0 ? columns.list[0].text(row) : "",
  }));
  return [...firms, ...parcels].filter((entry) => entry.texts.length > 0);
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
    hits = sought === "" ? [] : find(sought).slice(0, MOST_HITS);
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

/** Finds the entries that have a text somewhere in theirs. */
function finder(all) {
  let lowered = null;
  return (sought) => {
    lowered = lowered || all.map((entry) => entry.texts.join("\n").toLowerCase());
    return all.filter((_, place) => lowered[place].includes(sought));
  };
}
