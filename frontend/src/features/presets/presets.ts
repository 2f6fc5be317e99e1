// Pure: sets of parameters under names of one's own, as they stand in the preferences. Chatting loads this much of them.

/** Under the names of the wire; what is left out is the server's own affair. */
export type Sampling = { system?: string; temperature?: number; top_p?: number; max_tokens?: number };
export type Preset = { id: string; name: string; sampling: Sampling };

const KEY = 'presets';

/** Those of the preferences; what another version or another program wrote there and is none is left out. */
export function presetsIn(ui: Readonly<Record<string, unknown>> = {}): Preset[] {
  const found = ui[KEY];
  return Array.isArray(found) ? found.filter(isPreset) : [];
}

export function withPresets(ui: Readonly<Record<string, unknown>>, presets: readonly Preset[]): Record<string, unknown> {
  return { ...ui, [KEY]: presets };
}

function isPreset(value: Preset | null): value is Preset {
  if (typeof value?.id !== 'string' || typeof value.name !== 'string' || !(value.sampling instanceof Object)) return false;
  const { system = '', ...numbers } = value.sampling;
  return typeof system === 'string' && Object.values(numbers).every((number) => typeof number === 'number');
}
