// Lets the browser keep the page (src/service-worker.ts), where it can, and tells when a newer build took the kept one's place.
const FILE = 'service-worker.js';

/** The one address of a script that this page may ever name; the policy of the page allows no other way. */
const POLICY = 'omniai-service-worker';

let kept = false;

type Addresses = { createScriptURL(input: string): string };
type Policies = { createPolicy(name: string, rules: { createScriptURL(): string }): Addresses };

export function keepPage(): void {
  // The property is missing where the page came by plain http from elsewhere.
  const workers: ServiceWorkerContainer | undefined = navigator.serviceWorker;
  if (!import.meta.env.PROD || workers === undefined || kept) return;
  // A second policy of this name would be refused: whoever signs in after another on the same page keeps what is kept.
  kept = true;
  // Without it the page works as before, and is loaded each time.
  workers.register(ownAddress(), { updateViaCache: 'none' }).catch(() => undefined);
}

function ownAddress(): string {
  const address = new URL(FILE, document.baseURI).href;
  const { trustedTypes } = window as { trustedTypes?: Policies };
  return trustedTypes?.createPolicy(POLICY, { createScriptURL: () => address }).createScriptURL('') ?? address;
}

/** `onNewer` is called when the page on the screen is no longer the newest. Returns what ends that. */
export function watchForReplacement(onNewer: () => void): () => void {
  const workers: ServiceWorkerContainer | undefined = navigator.serviceWorker;
  if (workers === undefined) return () => undefined;
  let had = workers.controller !== null;
  const onChange = (): void => {
    // The first one keeps the page that is there.
    if (had) onNewer();
    had = true;
  };
  workers.addEventListener('controllerchange', onChange);
  return () => workers.removeEventListener('controllerchange', onChange);
}
