// Why the server refused an administrator's act, and what to do about it.
import type { ApiError } from '../../shared/api/errors';
import { useSharedWords } from '../../shared/i18n/i18n';
import { errorWords } from '../../shared/i18n/refusals';
import { useWords } from './words/use-words';

export function useRefusalWords(): (error: ApiError) => string {
  const t = useWords();
  const shared = useSharedWords();
  return (error) => {
    if (error.code === 'LAST_ADMIN') return t('refusals.lastAdmin');
    if (error.code === 'USER_NOT_FOUND') return t('refusals.gone');
    return errorWords(shared, error);
  };
}
