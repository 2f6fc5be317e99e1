import { cleanup, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { connect } from '../../../shared/api/client';
import { refused, startBackend, type Answer, type Backend } from '../../../testing/backend';
import type { InviteMade } from '../queries';
import { InviteForm } from './invite-form';

const made: InviteMade = { id: 'i1', code: 'abc', link: 'https://home.example/#/join?code=abc', expires_at: '2026-11-26T00:00:00Z' };
const onMade = vi.fn<(made: InviteMade) => void>();
let backend: Backend;
let answer: Answer;

beforeEach(async () => {
  onMade.mockReset();
  answer = { status: 201, json: made };
  backend = await startBackend(() => answer);
  connect(backend.url, 'https://page.example', { onSignedOut: () => undefined, onReplaced: () => undefined });
  render(<InviteForm onMade={onMade} />);
});

afterEach(() => {
  cleanup();
  return backend.close();
});

const press = () => userEvent.click(screen.getByRole('button', { name: 'Make an invite' }));

describe('InviteForm', () => {
  it('sends what was chosen and hands over the invite', async () => {
    await userEvent.click(screen.getByRole('radio', { name: '1 week' }));
    await userEvent.click(screen.getByRole('radio', { name: 'Administrator' }));
    await userEvent.clear(screen.getByLabelText('How many people'));
    await userEvent.type(screen.getByLabelText('How many people'), '5');
    await userEvent.type(screen.getByLabelText(/A line to them/), ' Welcome ');
    await press();
    await vi.waitFor(() => expect(onMade).toHaveBeenCalledWith(made));
    expect(backend.asked[0]).toMatchObject({
      method: 'POST',
      path: '/admin/invites',
      body: { expires_in_hours: 168, max_uses: 5, role: 'admin', note: 'Welcome' },
    });
  });

  it('leaves the note away when there is none', async () => {
    await press();
    await vi.waitFor(() => expect(onMade).toHaveBeenCalled());
    expect(backend.asked[0]?.body).toEqual({ expires_in_hours: 72, max_uses: 1, role: 'user' });
  });

  it.each(['0', '1001', '1.5', 'two', ' '])('asks for a number instead of %j, without asking the server', async (uses) => {
    await userEvent.clear(screen.getByLabelText('How many people'));
    await userEvent.type(screen.getByLabelText('How many people'), uses);
    await press();
    expect(await screen.findByText('A number from 1 to 1000.')).toBeDefined();
    expect(screen.getByLabelText('How many people').getAttribute('aria-invalid')).toBe('true');
    expect(backend.asked).toEqual([]);
  });

  it('shows at the field what the server finds wrong there', async () => {
    answer = refused(422, 'VALIDATION_ERROR', { detail: { fields: [{ field: 'note', problem: 'must be at most 200 characters' }] } });
    await press();
    expect(await screen.findByText('Must be at most 200 characters.')).toBeDefined();
    expect(onMade).not.toHaveBeenCalled();
  });

  it('says a refusal with its request', async () => {
    answer = refused(403, 'ADMIN_REQUIRED');
    await press();
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toBe('Only an admin may do this. No invite was made.Request r-1');
  });
});
