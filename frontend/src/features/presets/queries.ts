// Keeps presets in one's preferences on the server, so that they are there on every device.
import { changePreferences, type User } from '../../shared/api/preferences';
import { presetsIn, withPresets, type Preset } from './presets';

/** What is there is read first: another device may have added some. */
export async function savePreset(preset: Preset): Promise<User> {
  return change((presets) => {
    const known = presets.some(({ id }) => id === preset.id);
    return known ? presets.map((each) => (each.id === preset.id ? preset : each)) : [...presets, preset];
  });
}

export async function deletePreset(id: string): Promise<User> {
  return change((presets) => presets.filter((each) => each.id !== id));
}

async function change(changed: (presets: Preset[]) => Preset[]): Promise<User> {
  return changePreferences(({ ui = {} }) => ({ ui: withPresets(ui, changed(presetsIn(ui))) }));
}
