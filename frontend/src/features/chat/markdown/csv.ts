// Comma- and tab-separated values as rows of cells. Pure.

const LONGEST = 500;

/** Null when it is no table worth drawing: one column, no second row, rows of unequal length, a quotation that stays open, or too many rows. */
export function csvRows(text: string, separator: string): string[][] | null {
  const rows = split(text, separator);
  if (rows === null || rows.length < 2 || rows.length > LONGEST) return null;
  const width = rows[0]?.length ?? 0;
  return width > 1 && rows.every(({ length }) => length === width) ? rows : null;
}

function split(text: string, separator: string): string[][] | null {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const cell = text.charAt(at) === '"' ? quoted(text, at) : plain(text, at, separator);
    if (cell === null) return null;
    row.push(cell.value);
    at = cell.end + 1;
    const border = text.charAt(cell.end);
    if (border === separator) {
      if (at === text.length) row.push('');
    } else if (border === '' || border === '\n') {
      rows.push(row);
      row = [];
    } else return null;
  }
  return row.length > 0 ? [...rows, row] : rows;
}

type Cell = { value: string; end: number };

function plain(text: string, start: number, separator: string): Cell {
  let end = start;
  while (end < text.length && text.charAt(end) !== separator && text.charAt(end) !== '\n') end += 1;
  return { value: text.slice(start, end).trim(), end };
}

function quoted(text: string, start: number): Cell | null {
  let end = start + 1;
  for (;;) {
    end = text.indexOf('"', end);
    if (end === -1) return null;
    if (text.charAt(end + 1) !== '"') return { value: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 };
    end += 2;
  }
}
