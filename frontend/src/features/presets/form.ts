// Pure: a preset as lines of a form, and what is wrong with them.
import { isTaken } from './kept';
import type { Preset, Sampling } from './presets';

/** What stands in the lines. */
export type PresetForm = Record<'name' | 'system' | 'temperature' | 'topP' | 'maxTokens', string>;
export type Problem = 'name' | 'taken' | 'temperature' | 'topP' | 'maxTokens';
export type Problems = Partial<Record<keyof PresetForm, Problem>>;

export const NAME_CHARS = 60;
const MOST_TOKENS = 1_000_000;

function written(value: number | undefined): string {
  return value === undefined ? '' : String(value);
}

export function formOf(preset: Preset | null): PresetForm {
  const { system = '', temperature, top_p, max_tokens }: Sampling = preset?.sampling ?? {};
  return {
    name: preset?.name ?? '',
    system,
    temperature: written(temperature),
    topP: written(top_p),
    maxTokens: written(max_tokens),
  };
}

export function problemsOf(form: PresetForm, others: readonly Preset[]): Problems {
  const name = form.name.trim();
  return {
    ...(name === '' && { name: 'name' as const }),
    ...(isTaken(name, others) && { name: 'taken' as const }),
    ...(!isWithin(numberIn(form.temperature), 0, 2) && { temperature: 'temperature' as const }),
    ...(!isShare(numberIn(form.topP)) && { topP: 'topP' as const }),
    ...(!isCount(numberIn(form.maxTokens)) && { maxTokens: 'maxTokens' as const }),
  };
}

/** Of a form without problems. */
export function presetOf(id: string, form: PresetForm): Preset {
  const system = form.system.trim();
  const [temperature, topP, maxTokens] = [form.temperature, form.topP, form.maxTokens].map(numberIn);
  const sampling: Sampling = {
    ...(system !== '' && { system }),
    ...(typeof temperature === 'number' && { temperature }),
    ...(typeof topP === 'number' && { top_p: topP }),
    ...(typeof maxTokens === 'number' && { max_tokens: maxTokens }),
  };
  return { id, name: form.name.trim(), sampling };
}

/** Null for an empty line, NaN for what is no number; a comma is a point in many languages. */
function numberIn(text: string): number | null {
  const plain = text.trim().replace(',', '.');
  if (plain === '') return null;
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : Number.NaN;
}

function isWithin(value: number | null, least: number, most: number): boolean {
  return value === null || (value >= least && value <= most);
}

function isShare(value: number | null): boolean {
  return isWithin(value, 0, 1) && value !== 0;
}

function isCount(value: number | null): boolean {
  return isWithin(value, 1, MOST_TOKENS) && (value === null || Number.isInteger(value));
}
