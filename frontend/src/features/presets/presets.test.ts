import { describe, expect, it } from 'vitest';

import { presetsIn, type Preset } from './presets';
import { filledIn, placesIn, promptsIn } from './prompts';

const brief: Preset = { id: 'a', name: 'Brief', sampling: { system: 'Be brief.', temperature: 0.2 } };

describe('presets', () => {
  it('are found in the preferences, beside what else stands there', () => {
    expect(presetsIn({ other: 1, presets: [brief] })).toEqual([brief]);
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

describe('prompts', () => {
  it('are found in the preferences, without what is none', () => {
    const prompt = { id: 'a', name: 'Recipe', text: 'A recipe for {{dish}}.' };
    expect(promptsIn({ prompts: [null, { ...prompt, text: 1 }, prompt] })).toEqual([prompt]);
    expect(promptsIn(undefined)).toEqual([]);
  });

  it('have places, each once and in their order', () => {
    expect(placesIn('{{ dish }} for {{how many}}, no {{dish}}, {{}}, {{a{b}}, {{two\nlines}}')).toEqual(['dish', 'how many']);
  });

  it('are filled in, and what is not given stays', () => {
    const values = new Map([['dish', 'soup {{who}} $&']]);
    expect(filledIn('{{dish}} and {{ dish }} for {{who}}', values)).toBe('soup {{who}} $& and soup {{who}} $& for {{who}}');
  });
});
