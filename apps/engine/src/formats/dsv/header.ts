import type { RowColumn } from '#dataflow';

/** Column names of a header row: an empty name becomes `column_N`, a repeated one gets `_2`, `_3` … Each change is told to `note`. */
export function nameColumns(cells: readonly string[], note: (message: string) => void): RowColumn[] {
  const taken = new Set<string>();
  const given = new Set(cells);
  return cells.map((cell, index) => {
    const wanted = cell === '' ? `column_${index + 1}` : cell;
    let name = wanted;
    for (let n = 2; taken.has(name) || (name !== cell && given.has(name)); n++) name = `${wanted}_${n}`;
    taken.add(name);
    if (cell === '') note(`Column ${index + 1} has no name; it is called ${name}.`);
    else if (name !== cell) note(`The column name ${cell} occurs more than once; column ${index + 1} is called ${name}.`);
    return { name, cell: index };
  });
}
