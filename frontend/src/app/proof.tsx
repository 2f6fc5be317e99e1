// Shows the question for the password when a request needs it, whichever page sent the request.
import { lazy, Suspense, useEffect, useState } from 'react';

import { onProofAsked } from '../shared/api/proof';

const ProofDialog = lazy(async () => ({ default: (await import('../features/auth/components/proof-dialog')).ProofDialog }));

type Question = { answer(proved: boolean): void };

export function Proof({ username }: { username: string }) {
  const [question, setQuestion] = useState<Question | null>(null);
  useEffect(
    () =>
      onProofAsked(
        () =>
          new Promise((resolve) => {
            setQuestion({
              answer: (proved) => {
                setQuestion(null);
                resolve(proved);
              },
            });
          }),
      ),
    [],
  );
  if (question === null) return null;
  return (
    <Suspense fallback={null}>
      <ProofDialog username={username} onAnswer={question.answer} />
    </Suspense>
  );
}
