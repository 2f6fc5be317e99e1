// What is said when the backend is away, and how patiently it is asked again. Pure but for the device's own state.
import { isErrorCode } from '../shared/i18n/i18n';
import type { AppWords } from './words/use-words';

export const AWAY_WAITS_SECONDS = [1, 2, 4, 8, 15, 30] as const;

export type AwayWords = { heading: string; advice: string };

export function awayWords(t: AppWords, code: string, message: string): AwayWords {
  if (!navigator.onLine) return { heading: t('away.offline'), advice: t('away.offlineAdvice') };
  if (code === 'BACKEND_AWAY') return { heading: t('away.heading'), advice: t('away.machineAdvice') };
  if (code === 'TUNNEL_ANSWERED') return { heading: t('away.heading'), advice: t('away.tunnelAdvice') };
  return { heading: t('away.unopened'), advice: isErrorCode(code) ? t(`shared:errors.${code}`) : message };
}
