// Beads over the strip of a session: in one row while there is room, else smaller and in rows above each other, so that
// each of two hundred can be seen and clicked.

const LARGE = 1.2; // rem, the least from one bead to the next in a single row
const SMALL = 0.95; // rem, the same in several
const MOST_ROWS = 4;

// beads: elements in order; places: where each is, as a share of the whole width; unit: pixels a rem.
export function layInRows(root, beads, places, unit) {
  const width = root.clientWidth;
  if (!width) return; // not on the page yet
  const along = places.map((place) => place * width);
  const fitsInOne = Math.max(0, ...rowsOf(along, LARGE * unit, 2)) === 0;
  const rows = fitsInOne ? along.map(() => 0) : rowsOf(along, SMALL * unit, MOST_ROWS);
  root.classList.toggle("crowded", !fitsInOne);
  root.style.height = fitsInOne ? "" : `${SMALL * (1 + Math.max(...rows)) + 0.3}rem`;
  beads.forEach((bead, at) => {
    bead.style.bottom = rows[at] ? `${SMALL * rows[at] + 0.15}rem` : "";
  });
}

// The row of each, the lowest where there is room; where there is none in any, the one that has it soonest.
function rowsOf(along, size, most) {
  const free = []; // from where on, by row
  return along.map((place) => {
    let row = free.findIndex((from) => from <= place);
    if (row < 0) row = free.length < most ? free.length : free.indexOf(Math.min(...free));
    free[row] = place + size;
    return row;
  });
}
