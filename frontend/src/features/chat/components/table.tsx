// The frame of a table: a wide one scrolls inside it, by key as well.
import type { ReactNode } from 'react';

import { useWords } from '../words/use-words';

export function Table({ children }: { children?: ReactNode }) {
  const t = useWords();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls sideways must be reachable by key
    <section className="md-table" tabIndex={0} aria-label={t('markdown.table')}>
      <table>{children}</table>
    </section>
  );
}

/** The first row is the head. */
export function RowsTable({ rows }: { rows: readonly (readonly string[])[] }) {
  const [head, ...body] = rows;
  return (
    <Table>
      <thead>
        <tr>
          {/* oxlint-disable react/no-array-index-key -- cells and rows have no other name than their place */}
          {head?.map((cell, place) => (
            <th key={place}>{cell}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {body.map((row, number) => (
          <tr key={number}>
            {row.map((cell, place) => (
              <td key={place}>{cell}</td>
            ))}
          </tr>
        ))}
        {/* oxlint-enable react/no-array-index-key */}
      </tbody>
    </Table>
  );
}
