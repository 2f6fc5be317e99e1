import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { connect } from '../../../shared/api/client';
import { refused, startBackend, type Answer, type Backend } from '../../../testing/backend';
import type { Person } from '../queries';
import { PersonDeletion } from './person-deletion';

const person: Person = {
  id: 'p1',
  username: 'anna',
  display_name: 'Anna B',
  role: 'user',
  status: 'active',
  created_at: '2026-11-01T00:00:00Z',
  last_seen_at: null,
};
const onDeleted = vi.fn<() => void>();
let backend: Backend;
let answer: Answer;

beforeEach(async () => {
  onDeleted.mockReset();
  answer = { status: 204 };
  backend = await startBackend(() => answer);
  connect(backend.url, 'https://page.example', { onSignedOut: () => undefined, onReplaced: () => undefined });
  render(<PersonDeletion person={person} onDeleted={onDeleted} />);
  await userEvent.click(screen.getByRole('button', { name: 'Delete Anna B' }));
});

afterEach(() => {
  cleanup();
  return backend.close();
});

const type = (text: string) => userEvent.type(screen.getByLabelText('Their user name'), text);

describe('PersonDeletion', () => {
  it('deletes once the name is typed, by Enter too', async () => {
    await type(' anna {Enter}');
    await vi.waitFor(() => expect(onDeleted).toHaveBeenCalledOnce());
    expect(backend.asked).toMatchObject([{ method: 'DELETE', path: '/admin/users/p1' }]);
  });

  it('does nothing for another name', async () => {
    await type('ann{Enter}');
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Delete for good' });
    expect(button.disabled).toBe(true);
    // A form can be sent past its button.
    fireEvent.submit(button);
    expect(button.getAttribute('aria-busy')).toBeNull();
    expect(backend.asked).toEqual([]);
  });

  it('says in plain words why the only administrator stays', async () => {
    answer = refused(409, 'LAST_ADMIN');
    await type('anna{Enter}');
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('This is the only administrator who can sign in. Make somebody else an administrator first.');
    expect(onDeleted).not.toHaveBeenCalled();
  });
});
