// Asks the person for the password once more when the server wants a fresh proof. Knows that somebody will ask, not how.
type Asker = () => Promise<boolean>;

let asker: Asker | null = null;
let asking: Promise<boolean> | null = null;
let giveUp: () => void = () => undefined;

/** Names who asks. The function it gives back ends that; a question that stands open then counts as declined. */
export function onProofAsked(ask: Asker): () => void {
  asker = ask;
  return () => {
    if (asker !== ask) return;
    asker = null;
    giveUp();
  };
}

/** True once the server has the proof; requests that ask at the same time wait for the same answer. */
export function askForProof(): Promise<boolean> {
  if (asker === null) return Promise.resolve(false);
  asking ??= begin(asker).finally(() => {
    asking = null;
  });
  return asking;
}

function begin(ask: Asker): Promise<boolean> {
  const declined = new Promise<boolean>((resolve) => {
    giveUp = () => resolve(false);
  });
  return Promise.race([ask(), declined]);
}
