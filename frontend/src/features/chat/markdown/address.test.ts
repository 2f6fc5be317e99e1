import { describe, expect, it } from 'vitest';

import { addressOf, opens, textAgainst } from './address';

describe('opens', () => {
  it.each(['https://example.org', 'HTTP://EXAMPLE.ORG/a', 'mailto:ann@example.org'])('takes %s', (href) => {
    expect(opens(href)).toBe(true);
  });

  it.each([
    undefined,
    '',
    '/admin',
    '#/admin',
    '//evil.test',
    'https:evil.test',
    'javascript:alert(1)',
    'data:text/html,x',
    'http://',
    'http://[',
    'ftp://x.y',
  ])('refuses %s', (href) => {
    expect(opens(href)).toBe(false);
  });
});

describe('addressOf', () => {
  it.each([
    ['https://example.org/a?b=c#d', 'https://', 'example.org', '/a?b=c#d'],
    ['http://example.org:8080', 'http://', 'example.org:8080', '/'],
    ['https://bank.test@evil.test/bank.test', 'https://bank.test@', 'evil.test', '/bank.test'],
    ['https://bank.test:443@evil.test/', 'https://bank.test:443@', 'evil.test', '/'],
    ['https://evil.test\\@bank.test/', 'https://', 'evil.test', '/@bank.test/'],
    ['https://EVIL.test/x', 'https://', 'evil.test', '/x'],
    ['mailto:ann@example.org?subject=Hello', 'mailto:', 'ann@example.org', '?subject=Hello'],
  ])('sets the host of %s apart', (href, before, host, after) => {
    expect(addressOf(href)).toMatchObject({ before, host, after, whole: before + host + after });
  });

  it('gives a host of other letters both ways', () => {
    expect(addressOf('https://m%C3%BCnchen.example/a')).toMatchObject({ host: 'xn--mnchen-3ya.example', written: 'münchen.example' });
    expect(addressOf('https://аpple.example/')).toMatchObject({ host: 'xn--pple-43d.example', written: 'аpple.example' });
    expect(addressOf('https://Example.org/').written).toBeNull();
    expect(addressOf('https://xn--mnchen-3ya.example/').written).toBeNull();
  });
});

describe('textAgainst', () => {
  it.each([
    ['https://example.org', 'https://example.org/', 'same'],
    ['www.example.org', 'http://www.example.org', 'same'],
    ['ann@example.org', 'mailto:ann@example.org', 'same'],
    ['https://münchen.example/ä', 'https://m%C3%BCnchen.example/%C3%A4', 'same'],
    ['the manual', 'https://example.org', 'words'],
    ['example.org', 'https://example.org/docs', 'words'],
    ['https://bank.test', 'https://evil.test', 'elsewhere'],
    ['bank.test/login', 'https://evil.test/bank.test/login', 'elsewhere'],
    ['https://bank.test', 'https://bank.test@evil.test', 'elsewhere'],
    ['ann@bank.test', 'mailto:ann@evil.test', 'elsewhere'],
    ['аpple.example', 'https://apple.example', 'elsewhere'],
  ])('finds %s for %s %s', (text, href, expected) => {
    expect(textAgainst(text, href)).toBe(expected);
  });
});
