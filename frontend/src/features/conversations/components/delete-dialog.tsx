// Asks before a conversation is deleted: it cannot be brought back.
import { useToast } from '../../../shared/ui/toast';
import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import { useDeleteConversation, type Conversation } from '../queries';
import { useWords } from '../words/use-words';

export type DeleteDialogProps = { conversation: Conversation | null; onClose(): void; onDeleted(id: string): void };

export function DeleteDialog({ conversation, onClose, onDeleted }: DeleteDialogProps) {
  const t = useWords();
  const { mutate } = useDeleteConversation();
  const toast = useToast();
  const remove = ({ id, title }: Conversation): void => {
    onClose();
    onDeleted(id);
    mutate(id, { onError: () => toast({ text: t('deletion.failed', { title }) }) });
  };
  return (
    <Dialog
      open={conversation !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t('deletion.heading')}
      description={conversation && t('deletion.words', { title: conversation.title })}
    >
      <Actions>
        <Button onClick={onClose}>{t('deletion.keep')}</Button>
        <Button weight="danger" onClick={() => conversation && remove(conversation)}>
          {t('deletion.delete')}
        </Button>
      </Actions>
    </Dialog>
  );
}
