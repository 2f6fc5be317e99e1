// A link as a picture that a phone's camera reads. Dark on light in either theme: many cameras read nothing else.
import { useMemo } from 'react';
import { encode } from 'uqr';

const QUIET_MODULES = 3;

export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => draw(text), [text]);
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      className="size-full rounded-control bg-scan-paper text-scan-ink"
    >
      <path d={path} fill="currentColor" />
    </svg>
  );
}

/** A square for each dark module, as one path. */
function draw(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET_MODULES });
  const squares = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')));
  return { size, path: squares.join('') };
}
