import { describe, expect, it } from 'vitest';

import { readRuntimeConfig, RuntimeConfigError } from './runtime';

const SECURE = new URL('https://family.example/omniai/');
const PLAIN = new URL('http://127.0.0.1:8787/');

describe('readRuntimeConfig', () => {
  it('takes the page’s own origin when the address is empty', () => {
    expect(readRuntimeConfig({ apiBaseUrl: '' }, SECURE)).toEqual({ apiBaseUrl: 'https://family.example' });
  });

  it('keeps a path and drops the slash at its end', () => {
    expect(readRuntimeConfig({ apiBaseUrl: 'https://home.example/ai/' }, SECURE).apiBaseUrl).toBe('https://home.example/ai');
  });

  it('demands https of a page that came over https, loopback aside', () => {
    expect(() => readRuntimeConfig({ apiBaseUrl: 'http://home.example' }, SECURE)).toThrow(/https/);
    expect(readRuntimeConfig({ apiBaseUrl: 'http://127.0.0.1:8787' }, SECURE).apiBaseUrl).toBe('http://127.0.0.1:8787');
    expect(readRuntimeConfig({ apiBaseUrl: 'http://home.example' }, PLAIN).apiBaseUrl).toBe('http://home.example');
  });

  it.each([
    null,
    'text',
    {},
    { apiBaseUrl: 5 },
    { apiBaseUrl: '', other: 1 },
    { apiBaseUrl: 'home.example' },
    { apiBaseUrl: 'javascript:alert(1)' },
    { apiBaseUrl: 'https://name:secret@home.example' },
    { apiBaseUrl: 'https://home.example/?key=1' },
    { apiBaseUrl: 'https://home.example/#top' },
  ])('refuses %j', (content) => {
    expect(() => readRuntimeConfig(content, SECURE)).toThrow(RuntimeConfigError);
  });
});
