// The link of a new invite, shown this once.
import { dayAndTime } from '../../../shared/lib/moments';
import { Dialog } from '../../../shared/ui/dialog';
import type { InviteMade } from '../queries';
import { OneTimeLink } from './one-time-link';

export function MadeInvite({ made, onClose }: { made: InviteMade | null; onClose(): void }) {
  return (
    <Dialog
      open={made !== null}
      onOpenChange={(open) => !open && onClose()}
      title="The invite is ready"
      description={made && `Send this link. It is shown only now, and is good until ${dayAndTime(made.expires_at)}.`}
    >
      {made && <OneTimeLink name="Link of the invite" link={made.link} onClose={onClose} />}
    </Dialog>
  );
}
