// How near the end of a day's allowance is, and how to say it. Pure.
import type { components } from '../../shared/api/generated/schema';
import type { UsageWords } from './words/use-words';

export type Usage = components['schemas']['UsageOut'];
export type Nearness = { what: 'messages' | 'tokens'; left: number; limit: number; resetsAt: string };

/** One more answer, of so many tokens. */
export function withTurn({ messages, tokens, ...day }: Usage, used: number): Usage {
  return { ...day, messages: { ...messages, used: messages.used + 1 }, tokens: { ...tokens, used: tokens.used + used } };
}

/** From here on it is worth a word. */
const NEAR = 0.8;

/** An open page looks again once the next allowance has begun, and never more often than this. */
const SHORTEST_MS = 60_000;

/** Milliseconds until the figures are worth asking for again. */
export function untilReset({ messages }: Usage, now: number): number {
  return Math.max(SHORTEST_MS, Date.parse(messages.resets_at) - now);
}

/** The allowance that ends first, once four fifths of it are used; null while there is plenty, or no limit, or on the next day. */
export function nearestEnd({ messages, tokens }: Usage, now: number): Nearness | null {
  const both = [
    { what: 'messages' as const, ...messages },
    { what: 'tokens' as const, ...tokens },
  ];
  const near = both
    .flatMap(({ what, used, limit, resets_at }) =>
      limit !== null && used >= limit * NEAR && Date.parse(resets_at) > now
        ? [{ what, left: Math.max(0, limit - used), limit, resetsAt: resets_at }]
        : [],
    )
    .toSorted((one, other) => share(one) - share(other));
  return near[0] ?? null;
}

function share({ left, limit }: Nearness): number {
  return limit === 0 ? 0 : left / limit;
}

/** "3 messages left today", "No tokens left today" */
export function leftWords(t: UsageWords, { what, left }: Pick<Nearness, 'what' | 'left'>): string {
  if (left === 0) return t(what === 'messages' ? 'left.noMessages' : 'left.noTokens');
  return t(`left.${what}`, { count: left });
}

/** "12 of 200", "12, without a limit" */
export function usedWords(t: UsageWords, { used, limit }: { used: number; limit: number | null }): string {
  return limit === null ? t('today.unlimited', { used }) : t('today.used', { used, limit });
}
