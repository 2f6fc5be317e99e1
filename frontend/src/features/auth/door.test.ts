import { describe, expect, it } from 'vitest';

import { codeIn, doorOf } from './door';

describe('doorOf', () => {
  it('reads invite and set-up from the fragment', () => {
    expect(doorOf('#/join?code=a%2Bb', false)).toEqual({ is: 'join', code: 'a+b' });
    expect(doorOf('#/setup?token=abc', true)).toEqual({ is: 'setUp', token: 'abc' });
  });

  it('leads everybody to the set-up while there is no account', () => {
    expect(doorOf('#/c/17', true)).toEqual({ is: 'setUp', token: null });
    expect(doorOf('#/join?code=x', true)).toEqual({ is: 'setUp', token: null });
  });

  it('leads to a new password by its link', () => {
    expect(doorOf('#/reset?token=abc', false)).toEqual({ is: 'reset', token: 'abc' });
    expect(doorOf('#/reset?token=', false)).toEqual({ is: 'reset', token: null });
    expect(doorOf('#/reset?token=abc', true)).toEqual({ is: 'setUp', token: null });
  });

  it('leads to the sign-in from everywhere else', () => {
    for (const hash of ['', '#/', '#/c/17', '#/setup?token=old']) expect(doorOf(hash, false)).toEqual({ is: 'signIn' });
  });

  it('asks for the code when the link lost it', () => {
    expect(doorOf('#/join', false)).toEqual({ is: 'join', code: null });
  });
});

describe('codeIn', () => {
  it('takes a link and a bare code', () => {
    expect(codeIn('https://home.example/#/join?code=a%2Bb')).toBe('a+b');
    expect(codeIn('  abc-123 ')).toBe('abc-123');
    expect(codeIn('100%')).toBe('100%');
  });
});
