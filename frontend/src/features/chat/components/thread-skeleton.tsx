// The shape of an exchange while the messages are on their way; shown only when that takes long enough to notice.
import { Skeleton } from '../../../shared/ui/skeleton';

export function ThreadSkeleton() {
  return (
    <div className="thread-frame">
      <div className="thread-content thread-skeleton">
        <Skeleton className="thread-skeleton-question" />
        <Skeleton className="thread-skeleton-line" />
        <Skeleton className="thread-skeleton-line" />
        <Skeleton className="thread-skeleton-line" />
      </div>
    </div>
  );
}
