import { describe, expect, it } from 'vitest';

import { formOf, presetOf, problemsOf } from './form';
import type { Preset } from './presets';

const brief: Preset = { id: 'a', name: 'Brief', sampling: { system: 'Be brief.', temperature: 0, max_tokens: 200 } };

describe('the form of a preset', () => {
  it('gives the same preset back', () => {
    expect(presetOf('a', formOf(brief))).toEqual(brief);
    const full = { ...brief, sampling: { temperature: 2, top_p: 1 } };
    expect(presetOf('a', formOf(full))).toEqual(full);
  });

  it('takes a comma for a point, and leaves out what is empty', () => {
    expect(presetOf('b', { ...formOf(null), name: ' Own ', temperature: '0,7' })).toEqual({
      id: 'b',
      name: 'Own',
      sampling: { temperature: 0.7 },
    });
  });

  it.each([
    [{ name: '  ' }, { name: 'name' }],
    [{ name: 'BRIEF' }, { name: 'taken' }],
    [{ temperature: '2.1' }, { temperature: 'temperature' }],
    [{ temperature: 'warm' }, { temperature: 'temperature' }],
    [{ topP: '-1' }, { topP: 'topP' }],
    [{ topP: '0' }, { topP: 'topP' }],
    [{ maxTokens: '1.5' }, { maxTokens: 'maxTokens' }],
    [{ maxTokens: '0' }, { maxTokens: 'maxTokens' }],
    [{ temperature: '0', topP: '1', maxTokens: '1' }, {}],
  ])('says what is wrong with %j', (changes, problems) => {
    expect(problemsOf({ ...formOf(null), name: 'New', ...changes }, [brief])).toEqual(problems);
  });
});
