// The link of a new invite, shown this once.
import { useLocale } from '../../../shared/i18n/i18n';
import { dayAndTime } from '../../../shared/lib/moments';
import { Dialog } from '../../../shared/ui/dialog';
import type { InviteMade } from '../queries';
import { useWords } from '../words/use-words';
import { OneTimeLink } from './one-time-link';

export function MadeInvite({ made, onClose }: { made: InviteMade | null; onClose(): void }) {
  const t = useWords();
  const locale = useLocale();
  return (
    <Dialog
      open={made !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t('invites.ready')}
      description={made && t('invites.send', { moment: dayAndTime(made.expires_at, locale) })}
    >
      {made && <OneTimeLink name={t('invites.link')} link={made.link} onClose={onClose} />}
    </Dialog>
  );
}
