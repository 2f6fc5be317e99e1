// Pure: questions under names of one's own, as they stand in the preferences, and the places in them that are filled in each time.
import { keptIn, type Kept } from './kept';

export type Prompt = Kept & { text: string };

export const PROMPTS = 'prompts';

/** `{{topic}}`: braces as everybody writes them, with a name of letters, figures and blanks between. */
const PLACE = /\{\{([^{}\n]{1,80})\}\}/g;

export function promptsIn(ui: Readonly<Record<string, unknown>> = {}): Prompt[] {
  return keptIn<Prompt>(ui, PROMPTS, ({ text }) => typeof text === 'string');
}

/** The names of its places, each once, in their order. */
export function placesIn(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(PLACE), ([, name = '']) => name.trim()).filter((name) => name !== ''))];
}

/** What is not given stays as it is written. */
export function filledIn(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(PLACE, (written, name: string) => values.get(name.trim()) ?? written);
}
