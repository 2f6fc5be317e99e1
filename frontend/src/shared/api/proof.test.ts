import { describe, expect, it, vi } from 'vitest';

import { askForProof, onProofAsked } from './proof';

/** Somebody who asks and waits for an answer, given by hand. */
function person() {
  const answers: ((proved: boolean) => void)[] = [];
  const ask = vi.fn<() => Promise<boolean>>(() => new Promise((resolve) => answers.push(resolve)));
  return { ask, answer: (proved: boolean) => answers.shift()?.(proved) };
}

describe('askForProof', () => {
  it('has no proof where nobody can be asked', async () => {
    expect(await askForProof()).toBe(false);
  });

  it('asks once for all requests that wait, and anew for the next', async () => {
    const { ask, answer } = person();
    const stop = onProofAsked(ask);
    const [one, two] = [askForProof(), askForProof()];
    answer(true);
    expect(await Promise.all([one, two])).toEqual([true, true]);
    expect(ask).toHaveBeenCalledTimes(1);
    const three = askForProof();
    answer(false);
    expect(await three).toBe(false);
    expect(ask).toHaveBeenCalledTimes(2);
    stop();
  });

  it('takes an open question as declined when the one who asks goes, and can ask again later', async () => {
    const gone = person();
    const stop = onProofAsked(gone.ask);
    const open = askForProof();
    stop();
    expect(await open).toBe(false);
    const { ask, answer } = person();
    const stopAgain = onProofAsked(ask);
    const next = askForProof();
    answer(true);
    expect(await next).toBe(true);
    stopAgain();
  });
});
