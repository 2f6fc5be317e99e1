// Keeps presets and prompts in one's preferences on the server, so that they are there on every device.
import { changePreferences, type User } from '../../shared/api/preferences';
import type { Kept } from './kept';
import { PRESETS, presetsIn, type Preset } from './presets';
import { PROMPTS, promptsIn, type Prompt } from './prompts';

/** One of the lists. What is there is read first: another device may have added some. */
export type Shelf<Item extends Kept> = { save(item: Item): Promise<User>; drop(id: string): Promise<User> };

export const presetShelf: Shelf<Preset> = shelf(PRESETS, presetsIn);
export const promptShelf: Shelf<Prompt> = shelf(PROMPTS, promptsIn);

function shelf<Item extends Kept>(key: string, itemsIn: (ui: Readonly<Record<string, unknown>>) => Item[]): Shelf<Item> {
  const change = async (changed: (items: Item[]) => Item[]): Promise<User> =>
    changePreferences(({ ui = {} }) => ({ ui: { ...ui, [key]: changed(itemsIn(ui)) } }));
  return {
    save: async (item) =>
      change((items) => {
        const known = items.some(({ id }) => id === item.id);
        return known ? items.map((each) => (each.id === item.id ? item : each)) : [...items, item];
      }),
    drop: async (id) => change((items) => items.filter((each) => each.id !== id)),
  };
}
