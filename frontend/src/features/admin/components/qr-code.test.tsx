import { cleanup, render, screen } from '@testing-library/react';
import { encode } from 'uqr';
import { afterEach, expect, it } from 'vitest';

import { QrCode } from './qr-code';

afterEach(cleanup);

const LINK = 'https://home.example/#/join?code=abcdefghijklmnopqrstuvwxyz0123456789';

it('draws each dark module and no other, inside a quiet border', () => {
  render(<QrCode text={LINK} label="QR code: Link" />);
  const picture = screen.getByRole('img', { name: 'QR code: Link' });
  const drawn = [...(picture.querySelector('path')?.getAttribute('d') ?? '').matchAll(/M(\d+) (\d+)h1v1h-1z/g)];
  const { data, size } = encode(LINK, { ecc: 'M', border: 0 });
  const quiet = (Number(picture.getAttribute('viewBox')?.split(' ')[2]) - size) / 2;
  expect(quiet).toBeGreaterThanOrEqual(3);
  const dark = new Set(drawn.map(([, x, y]) => `${Number(x) - quiet} ${Number(y) - quiet}`));
  const wanted = data.flatMap((row, y) => row.flatMap((on, x) => (on ? [`${x} ${y}`] : [])));
  expect([...dark].toSorted()).toEqual(wanted.toSorted());
});
