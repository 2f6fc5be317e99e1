import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';

import { PlainOnFailure } from './plain-on-failure';

afterEach(cleanup);

function Broken(): never {
  throw new Error('cannot be drawn');
}

it('shows the words of what cannot be drawn, and all that stands around it', () => {
  // React tells of what it caught.
  vi.spyOn(console, 'error').mockReturnValue();
  const { rerender } = render(
    <>
      <p>Before</p>
      <PlainOnFailure text="**Half**">
        <Broken />
      </PlainOnFailure>
    </>,
  );
  expect(screen.getByText('Before')).toBeDefined();
  expect(screen.getByText('**Half**')).toBeDefined();
  rerender(
    <>
      <p>Before</p>
      <PlainOnFailure text="**Half a lamp**">
        <Broken />
      </PlainOnFailure>
    </>,
  );
  expect(screen.getByText('**Half a lamp**')).toBeDefined();
});
