// Usage in figures, a bar beside each row where there is room, and the sum at the foot.
import { useLocale } from '../../../shared/i18n/i18n';
import { count } from '../figures';
import type { UsageGroup } from '../queries';
import { tokens, usageTotal, type UsageRow, type UsageTotal } from '../usage-rows';
import { useWords } from '../words/use-words';

const COLUMNS = ['messages', 'read', 'written', 'tokens'] as const;
const NUMBER = 'py-2.5 ps-4 text-end align-top tabular-nums';

export function UsageTable({ rows, group }: { rows: readonly UsageRow[]; group: UsageGroup }) {
  const t = useWords();
  const total = usageTotal(rows);
  const most = Math.max(1, ...rows.map(tokens));
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls sideways must be reachable by key
    <section aria-label={t('usage.table')} tabIndex={0} className="overflow-x-auto">
      <table className="w-full border-collapse">
        <thead className="text-meta text-muted">
          <tr className="border-b border-line">
            <th scope="col" className="py-2 text-start font-normal">
              {t(`usage.${group}`)}
            </th>
            <td className="hidden w-2/5 sm:table-cell" aria-hidden />
            {COLUMNS.map((column) => (
              <th key={column} scope="col" className="py-2 ps-4 text-end font-normal">
                {t(`usage.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row" className="min-w-24 py-2.5 text-start font-normal wrap-anywhere">
                {row.label}
              </th>
              <td className="hidden py-2.5 ps-4 sm:table-cell" aria-hidden>
                <Bar share={tokens(row) / most} />
              </td>
              <Numbers of={row} />
            </tr>
          ))}
        </tbody>
        <tfoot className="border-t border-edge font-strong">
          <tr>
            <th scope="row" className="py-2.5 text-start font-strong">
              {t('usage.together')}
            </th>
            <td className="hidden sm:table-cell" aria-hidden />
            <Numbers of={total} />
          </tr>
        </tfoot>
      </table>
    </section>
  );
}

function Numbers({ of }: { of: UsageTotal }) {
  const locale = useLocale();
  return (
    <>
      <td className={NUMBER}>{count(of.messages, locale)}</td>
      <td className={NUMBER}>{count(of.read, locale)}</td>
      <td className={NUMBER}>{count(of.written, locale)}</td>
      <td className={NUMBER}>{count(tokens(of), locale)}</td>
    </>
  );
}

function Bar({ share }: { share: number }) {
  return (
    <svg viewBox="0 0 100 10" preserveAspectRatio="none" className="h-2.5 w-full text-lamp" aria-hidden>
      <rect width={share * 100} height={10} fill="currentColor" />
    </svg>
  );
}
