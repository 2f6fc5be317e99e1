// The place of something that is being loaded, in its final size.
import './skeleton.css';

export function Skeleton({ className }: { className: string }) {
  return <span className={`skeleton-bar ${className}`} aria-hidden />;
}
