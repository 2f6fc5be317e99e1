// Pure: sets of parameters under names of one's own, as they stand in the preferences. Chatting loads this much of them.
import { keptIn, type Kept } from './kept';

/** Under the names of the wire; what is left out is the server's own affair. */
export type Sampling = { system?: string; temperature?: number; top_p?: number; max_tokens?: number };
export type Preset = Kept & { sampling: Sampling };

export const PRESETS = 'presets';

export function presetsIn(ui: Readonly<Record<string, unknown>> = {}): Preset[] {
  return keptIn<Preset>(ui, PRESETS, ({ sampling }) => sampling instanceof Object && isSampling(sampling as Record<string, unknown>));
}

function isSampling({ system = '', ...numbers }: Record<string, unknown>): boolean {
  return typeof system === 'string' && Object.values(numbers).every((number) => typeof number === 'number');
}
