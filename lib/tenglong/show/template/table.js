/* Long tables can be sorted and filtered in place. Everything here is added to a table that is
   complete without it. */
(() => {
  const words = JSON.parse(document.getElementById("table-words").textContent);
  const NUMBER = /^[−+-]?\d[\d,]*(?:\.\d+)?(?=\s*(?:[^\d\s]|$))/;
  const MISSING = "…";
  const order = new Intl.Collator("zh", { numeric: true }).compare;
  const made = (tag, properties = {}, ...inside) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...inside);
    return node;
  };

  const textOf = (cell) => {
    const clone = cell.cloneNode(true);
    clone.querySelectorAll("svg").forEach((svg) => svg.remove());
    return clone.textContent.trim();
  };
  const numberOf = (cell, text) => {
    const found = cell.dataset.value ?? NUMBER.exec(text)?.[0];
    return found === undefined ? null : Number(found.replaceAll(",", "").replace("−", "-"));
  };
  const keysOf = (rows, column) => {
    const cells = rows.map((row) => row.cells[column]);
    const isNumber = cells.some((cell) => cell.matches(".number,[data-value]"));
    return cells.map((cell) => {
      const text = textOf(cell);
      if (isNumber) return numberOf(cell, text);
      return text === MISSING ? null : text;
    });
  };

  const equip = (box, number) => {
    const table = box.querySelector("table");
    const body = table.tBodies[0];
    const original = [...body.rows];
    const heads = [...table.tHead.rows[0].cells];
    const haystack = original.map((row) => textOf(row).toLowerCase());

    const field = made("input", { type: "search", id: `filter-${number}`, autocomplete: "off" });
    const label = made("label", { htmlFor: field.id }, words.filter);
    const count = made("span", { className: "table-count" });
    count.setAttribute("role", "status");
    const reset = made("button", { type: "button", hidden: true }, words.original);
    const caption = table.caption?.textContent ?? "";
    field.setAttribute("aria-label", `${words.filter} ${caption}`);
    reset.setAttribute("aria-label", `${words.original} ${caption}`);
    box.before(made("div", { className: "table-tools" }, label, field, count, reset));

    const told = (shown) =>
      words.count.replace("{shown}", shown).replace("{all}", original.length);
    const filter = () => {
      const terms = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      original.forEach((row, at) => {
        row.hidden = !terms.every((term) => haystack[at].includes(term));
        shown += !row.hidden;
      });
      count.textContent = told(shown);
    };
    const mark = (chosen, direction) => {
      heads.forEach((head) => {
        if (head === chosen) head.setAttribute("aria-sort", direction);
        else head.removeAttribute("aria-sort");
      });
      reset.hidden = !chosen;
    };
    const sort = (column) => {
      const isUp = heads[column].getAttribute("aria-sort") !== "ascending";
      const keys = keysOf(original, column);
      const places = original.map((_, at) => at).sort((one, other) => {
        const [a, b] = [keys[one], keys[other]];
        if (a === null || b === null) return (a === null) - (b === null) || one - other;
        const by = typeof a === "number" ? a - b : order(a, b);
        return (isUp ? by : -by) || one - other;
      });
      body.append(...places.map((at) => original[at]));
      mark(heads[column], isUp ? "ascending" : "descending");
    };

    heads.forEach((head, column) => {
      const button = made("button", { type: "button", title: words.sort });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => sort(column));
    });
    reset.addEventListener("click", () => {
      body.append(...original);
      mark(null);
      field.focus();
    });
    field.addEventListener("input", filter);
    filter();
  };

  document.querySelectorAll(".table.is-long").forEach(equip);
})();
