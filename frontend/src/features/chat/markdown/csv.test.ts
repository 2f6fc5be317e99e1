import { describe, expect, it } from 'vitest';

import { csvRows } from './csv';

describe('csvRows', () => {
  it('reads quotation marks, separators and line breaks inside them, and empty cells', () => {
    expect(csvRows('name,note\n"Lamp, large","says ""on""\nand off"\ndesk,', ',')).toEqual([
      ['name', 'note'],
      ['Lamp, large', 'says "on"\nand off'],
      ['desk', ''],
    ]);
    expect(csvRows('a\tb\n1\t2\n', '\t')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it.each(['', 'only one line,here', 'a\nb', 'a,b\n1,2,3', 'a,b\n"1,2', 'a,b\n"1"x,2'])('leaves %j as text', (text) => {
    expect(csvRows(text, ',')).toBeNull();
  });
});
