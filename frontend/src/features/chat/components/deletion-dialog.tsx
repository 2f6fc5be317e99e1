// Asks before a message goes, because what follows it goes with it.
import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import { deleteMessage, type Message } from '../queries';
import { useWords } from '../words/use-words';
import { useActs } from './thread-acts';

export function DeletionDialog({ message: { id, role }, onClose }: { message: Message; onClose(): void }) {
  const t = useWords();
  const { change } = useActs();
  const remove = () => {
    onClose();
    change?.(() => deleteMessage(id));
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(role === 'user' ? 'deletion.question' : 'deletion.answer')}
      description={t('deletion.words')}
    >
      <Actions>
        <Button onClick={onClose}>{t('deletion.keep')}</Button>
        <Button weight="danger" disabled={change === null} onClick={remove}>
          {t('message.delete')}
        </Button>
      </Actions>
    </Dialog>
  );
}
