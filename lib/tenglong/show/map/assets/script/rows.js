// The page's own tables of parcels and firms: their rows lead to the map, and one is filtered with it.

/** Serves the links of the tables that stand elsewhere on the page, each for one use. */
function rowsOf(name, words, choose, uses) {
  document.querySelectorAll(`a[href="#${name}"][data-use]`).forEach((anchor) => {
    anchor.addEventListener("click", (event) => {
      event.preventDefault();
      choose(uses.parcels[Number(anchor.dataset.use)]);
    });
  });
  const place = document.querySelector(`[data-rows-of="${name}"]`);
  if (!place) { return () => {}; }
  const said = node("p", "note");
  said.setAttribute("aria-live", "polite");
  place.querySelector("summary").after(said);
  const lines = [...place.querySelectorAll("a[data-use]")].map(
    (anchor) => ({ use: Number(anchor.dataset.use), line: anchor.closest("tr") }),
  );
  return (left) => {
    let shown = 0;
    lines.forEach(({ use, line }) => {
      line.classList.toggle("is-off-map", !left[use]);  // the table's own filter uses `hidden`
      shown += left[use] ? 1 : 0;
    });
    said.textContent = shown === lines.length ? "" : filled(words.rows_shown, { n: shown });
  };
}
