import { describe, expect, it } from 'vitest';

import { languageOf, localeFor } from './languages';

describe('localeFor', () => {
  it('takes the first wished language that is spoken here, with its region', () => {
    expect(localeFor(null, ['de-AT', 'es-MX', 'en-GB'])).toBe('es-MX');
    expect(localeFor(null, ['en-GB', 'es'])).toBe('en-GB');
    expect(localeFor(null, ['de', 'fr-CA'])).toBe('en');
    expect(localeFor(null, [])).toBe('en');
  });

  it('takes the chosen language before all others, with the browser’s region for it', () => {
    expect(localeFor('es', ['en-GB', 'es-AR'])).toBe('es-AR');
    expect(localeFor('es', ['en-GB'])).toBe('es');
    expect(localeFor('en', ['es-AR', 'en-GB'])).toBe('en-GB');
  });

  it('knows a language by its locale', () => {
    expect(languageOf('es-419')).toBe('es');
    expect(languageOf('EN-us')).toBe('en');
    expect(languageOf('constructor')).toBe('en');
  });
});
