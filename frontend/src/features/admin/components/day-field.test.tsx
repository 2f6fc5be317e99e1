import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { DayField } from './day-field';

const onDay = vi.fn<(day: string) => void>();
const field = () => screen.getByLabelText<HTMLInputElement>('From');
const type = (value: string) => fireEvent.change(field(), { target: { value } });

afterEach(() => {
  cleanup();
  onDay.mockReset();
});

describe('DayField', () => {
  it('hands over a whole day', () => {
    render(<DayField label="From" name="from" day="2026-11-23" onDay={onDay} />);
    type('2026-11-22');
    expect(onDay.mock.calls).toEqual([['2026-11-22']]);
  });

  it('stays empty while a needed day is typed anew, and takes the old one back when it is left so', () => {
    render(<DayField label="From" name="from" required day="2026-11-23" onDay={onDay} />);
    type('');
    expect(onDay).not.toHaveBeenCalled();
    expect(field().value).toBe('');
    fireEvent.blur(field());
    expect(field().value).toBe('2026-11-23');
  });

  it('can be emptied where no day is needed, and follows the address', () => {
    const { rerender } = render(<DayField label="From" name="from" day="2026-11-23" onDay={onDay} />);
    type('');
    expect(onDay.mock.calls).toEqual([['']]);
    rerender(<DayField label="From" name="from" day="2026-01-01" onDay={onDay} />);
    expect(field().value).toBe('2026-01-01');
  });
});
