import { describe, expect, it } from 'vitest';

import { repairTail } from './repair';

describe('repairTail', () => {
  it.each([
    ['Some **bold te', 'Some **bold te**'],
    ['Some **bold text*', 'Some **bold text**'],
    ['Some *soft', 'Some *soft*'],
    ['***both', '***both***'],
    ['a **b *c', 'a **b *c***'],
    ['Some ~~gone', 'Some ~~gone~~'],
    ['Use `npm ru', 'Use `npm ru`'],
    ['Use ``a ` b`', 'Use ``a ` b``'],
    ['- item with **bold', '- item with **bold**'],
    ['1. first\n2. **sec', '1. first\n2. **sec**'],
    ['> quoted *word', '> quoted *word*'],
    ['**bold with a space ', '**bold with a space** '],
  ])('closes %j', (given, wanted) => expect(repairTail(given)).toBe(wanted));

  it.each([
    ['Some **', 'Some '],
    ['Some *', 'Some '],
    ['Use `', 'Use '],
    ['See [the manu', 'See the manu'],
    ['See [the manual](https://exam', 'See the manual'],
    ['See **[the manual](https://exam', 'See **the manual**'],
    ['See [**bold', 'See **bold**'],
    ['An image ![alt](http://evil.te', 'An image '],
    ['Words\n-', 'Words'],
    ['Words\n==', 'Words'],
    ['Words\n``', 'Words'],
    ['#', ''],
  ])('hides the unfinished sign of %j', (given, wanted) => expect(repairTail(given)).toBe(wanted));

  it.each([
    'Plain words.',
    'A **bold** and `code` and [link](https://example.org) end',
    '2 * 3 * 4',
    'snake_case_name and more',
    'Escaped \\*star',
    '* item',
    '`**not bold` words',
    '```js\nconst a = "**";',
    '```js\nlet a;\n```',
    '- a\n  ```js\n  **x',
    '| a | b |\n| --- | --- |\n| 1 | 2',
  ])('leaves %j alone', (text) => expect(repairTail(text)).toBe(text));

  it('makes a table of its first row', () => {
    expect(repairTail('| Name | Val')).toBe('| Name | Val\n| --- | --- |');
    expect(repairTail('| Name | **Val')).toBe('| Name | **Val**\n| --- | --- |');
    expect(repairTail('| Name | Value |\n|---')).toBe('| Name | Value |\n| --- | --- |');
    expect(repairTail('Intro:\n| Name | Value |\n')).toBe('Intro:\n| Name | Value |\n| --- | --- |');
  });

  it('hides half of a closing fence', () => {
    expect(repairTail('```js\nlet a;\n``')).toBe('```js\nlet a;');
  });
});
