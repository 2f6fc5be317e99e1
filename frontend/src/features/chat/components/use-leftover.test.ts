import { describe, expect, it } from 'vitest';

import type { Message } from '../queries';
import { lastQuestionId, wasStored } from './use-leftover';

function message(id: string, role: Message['role'], content: string): Message {
  return { id, role, content } as Message;
}

const BEFORE = [message('q1', 'user', 'go on'), message('a1', 'assistant', 'Well.')];

describe('wasStored', () => {
  const leftover = { question: 'go on', after: lastQuestionId(BEFORE) };

  it('finds the question that arrived though the line broke', () => {
    expect(wasStored(leftover, [...BEFORE, message('q2', 'user', 'go on'), message('a2', 'assistant', '')])).toBe(true);
  });

  it('does not mistake an earlier question of the same words for it', () => {
    expect(wasStored(leftover, BEFORE)).toBe(false);
  });

  it('does not mistake another question for it', () => {
    expect(wasStored(leftover, [...BEFORE, message('q2', 'user', 'stop')])).toBe(false);
    expect(wasStored(leftover, [])).toBe(false);
  });
});
