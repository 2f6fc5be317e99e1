// Tokens by day as columns. The table beneath holds the same in figures, so the picture needs no more than a name.
import { useLocale } from '../../../shared/i18n/i18n';
import { dayLabel, type DayColumn } from '../usage-rows';
import { useWords } from '../words/use-words';

const HEIGHT = 100;
const GAP = 0.3;
/** A day with any use at all is seen. */
const LEAST = 1.5;

export function UsageChart({ columns }: { columns: readonly DayColumn[] }) {
  const t = useWords();
  const locale = useLocale();
  const most = Math.max(1, ...columns.map((column) => column.tokens));
  const [first, last] = [columns[0], columns.at(-1)];
  if (first === undefined || last === undefined) return null;
  return (
    <figure className="grid gap-2">
      <figcaption className="flex justify-between text-meta text-muted tabular-nums">
        <span>{t('usage.byDay')}</span>
        <span>{t('usage.most', { most })}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${columns.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('usage.chart', { most })}
        className="h-36 w-full border-b border-line text-lamp"
      >
        {columns.map(({ day, tokens }, place) => {
          const height = tokens === 0 ? 0 : Math.max(LEAST, (tokens / most) * HEIGHT);
          return (
            <rect key={day} x={place + GAP / 2} y={HEIGHT - height} width={1 - GAP} height={height} fill="currentColor">
              <title>{t('usage.column', { day: dayLabel(day, locale), tokens })}</title>
            </rect>
          );
        })}
      </svg>
      <p className="flex justify-between text-meta text-muted tabular-nums">
        <span>{dayLabel(first.day, locale)}</span>
        {columns.length > 1 && <span>{dayLabel(last.day, locale)}</span>}
      </p>
    </figure>
  );
}
