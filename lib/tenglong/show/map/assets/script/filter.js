// Which parcels a reader asks for.

/** Tells which parcels match: `wanted` has an option's number for each filter, or null for all. */
function matcher(data, count) {
  const filters = data.filters.map(({ numbers, ofUses }) => ({ numbers: unpack(numbers), ofUses }));
  const parcels = unpack(data.uses.parcels);
  const asked = (wanted, ofUses) => filters
    .map((filter, place) => ({ ...filter, wanted: wanted[place] }))
    .filter((filter) => filter.ofUses === ofUses && filter.wanted !== null);
  const meets = (parts, row) => parts.every((part) => part.numbers[row] === part.wanted);

  /** A parcel matches by itself and, where firms are asked for, by one firm that meets all. */
  return (wanted) => {
    const [ofParcels, ofUses] = [asked(wanted, false), asked(wanted, true)];
    const uses = parcels.map((_, row) => meets(ofUses, row));
    const held = new Uint8Array(count).fill(ofUses.length > 0 ? 0 : 1);
    uses.forEach((isMet, row) => { if (isMet) { held[parcels[row]] = 1; } });
    const matches = held.map((isHeld, row) => (isHeld && meets(ofParcels, row) ? 1 : 0));
    return { matches, uses: uses.map((isMet, row) => isMet && matches[parcels[row]] === 1) };
  };
}
