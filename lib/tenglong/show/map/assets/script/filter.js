// Which parcels a reader asks for.

/** Tells which parcels match: `wanted` has an option's number for each filter, or null for all. */
function matcher(data, read, parcels, count) {
  const filters = data.filters.map(({ numbers, ofUses }) => ({ numbers: read.numbers(numbers), ofUses }));
  const asked = (wanted, ofUses) => filters
    .map((filter, place) => ({ ...filter, wanted: wanted[place] }))
    .filter((filter) => filter.ofUses === ofUses && filter.wanted !== null);

  /** Keeps the marks of those rows that meet every part. */
  const meet = (marks, parts) => {
    parts.forEach((part) => {
      for (let row = 0; row < marks.length; row += 1) {
        if (part.numbers[row] !== part.wanted) { marks[row] = 0; }
      }
    });
    return marks;
  };

  /** A parcel matches by itself and, where firms are asked for, by one firm that meets all. */
  return (wanted) => {
    const [ofParcels, ofUses] = [asked(wanted, false), asked(wanted, true)];
    const uses = meet(new Uint8Array(parcels.length).fill(1), ofUses);
    const matches = new Uint8Array(count).fill(ofUses.length > 0 ? 0 : 1);
    uses.forEach((isMet, use) => { if (isMet) { matches[parcels[use]] = 1; } });
    meet(matches, ofParcels);
    return { matches, uses: uses.map((isMet, use) => isMet & matches[parcels[use]]) };
  };
}
