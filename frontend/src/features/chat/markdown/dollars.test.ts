import { describe, expect, it } from 'vitest';

import { mayHoldFormula, withDollars } from './dollars';

describe('withDollars', () => {
  it.each([
    ['so \\(a+b\\) is', 'so $a+b$ is'],
    ['\\[x^2\\]', '$$\nx^2\n$$'],
    ['so \\[x^2\\] and', 'so \n$$\nx^2\n$$\nand'],
    ['- so \\[x\\] and\n- b', '- so \n  $$\n  x\n  $$\n  and\n- b'],
    ['- \\[x\\]\n- b', '- $$\n  x\n  $$\n- b'],
    ['1. use `a`:\n   \\[\n   x\n   y\n   \\]\n   after', '1. use `a`:\n   $$\n   x\n   y\n   $$\n   after'],
    ['10. use `a`: \\[x\\]', '10. use `a`: \n    $$\n    x\n    $$'],
    ['> \\[\n> a > b\n> \\]\n> so', '> $$\n> a > b\n> $$\n> so'],
    ['> - a\n>   \\[x\\]', '> - a\n>   $$\n>   x\n>   $$'],
    ['| a | b |\n|---|---|\n| \\[x\\] | \\(y\\) |', '| a | b |\n|---|---|\n| $$x$$ | $y$ |'],
    ['$x$ and $y_1$', '$x$ and $y_1$'],
    ['$$x$$', '$$\nx\n$$'],
    ['- so\n  $$ x $$ \n- and', '- so\n  $$\n  x\n  $$\n- and'],
    ['here $$x$$ too', 'here $$x$$ too'],
    ['it costs $5 and then $10 more', 'it costs \\$5 and then \\$10 more'],
    ['from $5 to $7', 'from \\$5 to \\$7'],
    ['`$HOME` and \\(a\\)', '`$HOME` and $a$'],
    ['```sh\necho $A $B\n```', '```sh\necho $A $B\n```'],
    ['an escaped \\$ stays, and \\\\(no\\\\)', 'an escaped \\$ stays, and \\\\(no\\\\)'],
  ])('makes of %j %j', (written, read) => {
    expect(withDollars(written)).toBe(read);
  });
});

it('sees where a formula may be', () => {
  expect(['no', 'a \\\\( b', '\\$5'].map(mayHoldFormula)).toEqual([false, false, false]);
  expect(['$x$', '\\(x\\)', '\\[x\\]'].map(mayHoldFormula)).toEqual([true, true, true]);
});
