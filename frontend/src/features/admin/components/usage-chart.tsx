// Tokens by day as columns. The table beneath holds the same in figures, so the picture needs no more than a name.
import { count } from '../figures';
import { dayLabel, type DayColumn } from '../usage-rows';

const HEIGHT = 100;
const GAP = 0.3;
/** A day with any use at all is seen. */
const LEAST = 1.5;

export function UsageChart({ columns }: { columns: readonly DayColumn[] }) {
  const most = Math.max(1, ...columns.map((column) => column.tokens));
  const [first, last] = [columns[0], columns.at(-1)];
  if (first === undefined || last === undefined) return null;
  return (
    <figure className="grid gap-2">
      <figcaption className="flex justify-between text-meta text-muted tabular-nums">
        <span>Tokens by day</span>
        <span>most: {count(most)}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${columns.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Tokens by day, ${count(most)} on the busiest`}
        className="h-36 w-full border-b border-line text-lamp"
      >
        {columns.map(({ day, tokens }, place) => {
          const height = tokens === 0 ? 0 : Math.max(LEAST, (tokens / most) * HEIGHT);
          return (
            <rect key={day} x={place + GAP / 2} y={HEIGHT - height} width={1 - GAP} height={height} fill="currentColor">
              <title>{`${dayLabel(day)}: ${count(tokens)}`}</title>
            </rect>
          );
        })}
      </svg>
      <p className="flex justify-between text-meta text-muted tabular-nums">
        <span>{dayLabel(first.day)}</span>
        {columns.length > 1 && <span>{dayLabel(last.day)}</span>}
      </p>
    </figure>
  );
}
