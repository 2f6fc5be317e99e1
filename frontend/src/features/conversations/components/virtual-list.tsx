// Draws of a long list what is in sight, and keeps it a list for those who hear it or go through it by key: groups with
// headings, one place in the tab order, and the line with the focus drawn wherever it is.
import { defaultRangeExtractor, useVirtualizer, type Range, type VirtualItem } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react';

import { useTokenSize } from '../../../shared/lib/use-token-size';
import { drawnGroups, type Line, type Row } from '../rows';

export type Place = { start: number; height: number; tabbable: boolean };

export type VirtualListProps = {
  rows: readonly Row[];
  /** The line that Tab reaches. */
  tabStop: string | null;
  /** The line that takes the focus as soon as it is drawn. */
  focusOn: string | null;
  onFocused(): void;
  onKeyDown(event: KeyboardEvent, pageLines: number): void;
  onNearEnd(): void;
  /** Scrolls with the lines, and has keys of its own. */
  below: ReactNode;
  children(line: Line, place: Place): ReactNode;
};

const OVERSCAN = 12;
const NEAR_END = 80;

export function VirtualList({ rows, tabStop, focusOn, onFocused, onKeyDown, onNearEnd, below, children }: VirtualListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const height = useTokenSize('--spacing-control');
  const places = useMemo(() => new Map(rows.map(({ key }, index) => [key, index])), [rows]);
  const [stop, next] = [places.get(tabStop ?? ''), places.get(focusOn ?? '')];
  const rangeExtractor = useCallback((range: Range) => withKept(defaultRangeExtractor(range), stop, next), [stop, next]);
  // oxlint-disable-next-line react/incompatible-library -- it gives other values at each drawing, and nothing here keeps one
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    overscan: OVERSCAN,
    rangeExtractor,
    useFlushSync: false,
  });
  useEffect(() => virtualizer.measure(), [virtualizer, height]);
  const drawn = virtualizer.getVirtualItems();
  const last = virtualizer.range?.endIndex ?? 0;
  useEffect(() => {
    if (last >= rows.length - NEAR_END) onNearEnd();
  }, [last, rows.length, onNearEnd]);

  useLayoutEffect(() => {
    const index = focusOn === null ? undefined : places.get(focusOn);
    if (focusOn === null || index === undefined) return;
    virtualizer.scrollToIndex(index, { align: 'auto' });
    const link = scroller.current?.querySelector<HTMLElement>(`[data-line="${CSS.escape(focusOn)}"] a`);
    if (!link) return;
    link.focus({ preventScroll: true });
    onFocused();
  }, [focusOn, places, virtualizer, onFocused]);

  const pageLines = (): number => Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 1);
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto">
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keys that bubble up from the lines' links */}
      <div className="relative" style={{ height: virtualizer.getTotalSize() }} onKeyDown={(event) => onKeyDown(event, pageLines())}>
        {drawnGroups(rows, drawn).map(({ group, heading, lines }) => (
          <section key={group} aria-label={group}>
            {heading && <GroupHeading at={heading}>{group}</GroupHeading>}
            {lines.length > 0 && (
              <ul>{lines.map(({ at, line }) => children(line, { start: at.start, height: at.size, tabbable: line.key === tabStop }))}</ul>
            )}
          </section>
        ))}
      </div>
      {below}
    </div>
  );
}

function GroupHeading({ at, children }: { at: VirtualItem; children: ReactNode }) {
  return (
    <h2
      className="absolute inset-x-5 top-0 flex items-end pb-1.5 text-meta text-muted"
      style={{ height: at.size, transform: `translateY(${at.start}px)` }}
    >
      {children}
    </h2>
  );
}

function withKept(range: readonly number[], ...kept: (number | undefined)[]): number[] {
  const all = new Set([...range, ...kept.filter((index) => index !== undefined)]);
  return [...all].toSorted((one, other) => one - other);
}
