// Usage in figures, a bar beside each row where there is room, and the sum at the foot.
import { count } from '../figures';
import type { UsageGroup } from '../queries';
import { tokens, usageTotal, type UsageRow, type UsageTotal } from '../usage-rows';

const HEADINGS: Record<UsageGroup, string> = { day: 'Day', user: 'Person', model: 'Model' };
const NUMBER = 'py-2.5 pl-4 text-right align-top tabular-nums';

export function UsageTable({ rows, group }: { rows: readonly UsageRow[]; group: UsageGroup }) {
  const total = usageTotal(rows);
  const most = Math.max(1, ...rows.map(tokens));
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls sideways must be reachable by key
    <section aria-label="Usage in figures" tabIndex={0} className="overflow-x-auto">
      <table className="w-full border-collapse">
        <thead className="text-meta text-muted">
          <tr className="border-b border-line">
            <th scope="col" className="py-2 text-left font-normal">
              {HEADINGS[group]}
            </th>
            <td className="hidden w-2/5 sm:table-cell" aria-hidden />
            {['Messages', 'Read', 'Written', 'Tokens'].map((heading) => (
              <th key={heading} scope="col" className="py-2 pl-4 text-right font-normal">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row" className="min-w-24 py-2.5 text-left font-normal wrap-anywhere">
                {row.label}
              </th>
              <td className="hidden py-2.5 pl-4 sm:table-cell" aria-hidden>
                <Bar share={tokens(row) / most} />
              </td>
              <Numbers of={row} />
            </tr>
          ))}
        </tbody>
        <tfoot className="border-t border-edge font-strong">
          <tr>
            <th scope="row" className="py-2.5 text-left font-strong">
              Together
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
  return (
    <>
      <td className={NUMBER}>{count(of.messages)}</td>
      <td className={NUMBER}>{count(of.read)}</td>
      <td className={NUMBER}>{count(of.written)}</td>
      <td className={NUMBER}>{count(tokens(of))}</td>
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
