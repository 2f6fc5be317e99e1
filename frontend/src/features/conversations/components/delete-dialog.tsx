// Asks before a conversation is deleted: it cannot be brought back.
import { useToast } from '../../../shared/ui/toast';
import { Button } from '../../../shared/ui/button';
import { Actions, Dialog } from '../../../shared/ui/dialog';
import { useDeleteConversation, type Conversation } from '../queries';

export type DeleteDialogProps = { conversation: Conversation | null; onClose(): void; onDeleted(id: string): void };

export function DeleteDialog({ conversation, onClose, onDeleted }: DeleteDialogProps) {
  const { mutate } = useDeleteConversation();
  const toast = useToast();
  const remove = ({ id, title }: Conversation): void => {
    onClose();
    onDeleted(id);
    mutate(id, { onError: () => toast({ text: `“${title}” could not be deleted. It is back in the list.` }) });
  };
  return (
    <Dialog
      open={conversation !== null}
      onOpenChange={(open) => !open && onClose()}
      title="Delete this conversation?"
      description={conversation && `“${conversation.title}” and all its messages will be gone. This cannot be undone.`}
    >
      <Actions>
        <Button onClick={onClose}>Keep it</Button>
        <Button weight="danger" onClick={() => conversation && remove(conversation)}>
          Delete
        </Button>
      </Actions>
    </Dialog>
  );
}
