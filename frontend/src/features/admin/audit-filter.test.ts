import { describe, expect, it } from 'vitest';

import { auditFilter, isFiltered, withField } from './audit-filter';

const at = (text: string) => new URLSearchParams(text);

describe('auditFilter', () => {
  it('reads everything that an address can ask for', () => {
    const filter = auditFilter(at('action=auth.&actor=%20anna%20&outcome=refused&from=2026-11-01&until=2026-11-30'));
    expect(filter).toEqual({
      action: 'auth.',
      actor: 'anna',
      outcome: 'refused',
      since: new Date(2026, 10, 1).toISOString(),
      // The last day is meant whole.
      until: new Date(2026, 11, 1).toISOString(),
    });
  });

  it('does not ask for what is spelt wrongly', () => {
    expect(auditFilter(at('action=&outcome=maybe&from=yesterday&until=2026-02-30&other=1'))).toEqual({});
  });
});

describe('withField', () => {
  it('sets and takes away one field and leaves the others', () => {
    const address = at('actor=anna');
    expect(withField(address, 'outcome', 'refused').toString()).toBe('actor=anna&outcome=refused');
    expect(withField(address, 'actor', '').toString()).toBe('');
    expect(address.toString()).toBe('actor=anna');
  });
});

describe('isFiltered', () => {
  it('knows its own fields alone', () => {
    expect(isFiltered(at('until=2026-01-01'))).toBe(true);
    expect(isFiltered(at('page=2'))).toBe(false);
  });
});
