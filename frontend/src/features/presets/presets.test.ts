import { describe, expect, it } from 'vitest';

import { presetsIn, withPresets, type Preset } from './presets';

const brief: Preset = { id: 'a', name: 'Brief', sampling: { system: 'Be brief.', temperature: 0.2 } };

describe('presets', () => {
  it('come back from the preferences, beside what else stands there', () => {
    const ui = withPresets({ other: 1 }, [brief]);
    expect(ui['other']).toBe(1);
    expect(presetsIn(ui)).toEqual([brief]);
    expect(presetsIn({})).toEqual([]);
    expect(presetsIn(undefined)).toEqual([]);
  });

  it('leave out what is none', () => {
    const wrong = [null, 'x', {}, { ...brief, name: 3 }, { ...brief, id: null }, { id: 'b', name: 'B' }];
    const odd = [null, 'hot', { temperature: 'hot' }, { system: 3 }, { top_p: null }].map((sampling) => ({ ...brief, sampling }));
    expect(presetsIn({ presets: [...wrong, ...odd, brief] })).toEqual([brief]);
    expect(presetsIn({ presets: 'all' })).toEqual([]);
  });
});
