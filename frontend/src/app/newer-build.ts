// A part of this page that does not load may belong to a build that is no longer there: then the newer one is loaded, once.
// Whoever merely is away leaves the page as it stands.
import { readStored, store } from '../shared/lib/storage';

const RELOADED_AT = 'omniai.reloaded-at';
const A_MOMENT_MS = 60_000;
/** So long a newer build is waited for at most: the page on the screen lacks a part. */
const TAKING_MS = 10_000;

/** Looks when Vite says that a part did not load. */
export function watchForNewerBuild(): void {
  window.addEventListener('vite:preloadError', () => void loadNewerBuild());
}

async function loadNewerBuild(): Promise<void> {
  const last = Number(readStored(RELOADED_AT));
  if (Date.now() - last < A_MOMENT_MS || !(await isReplaced())) return;
  store(RELOADED_AT, String(Date.now()));
  await takeNewer();
  window.location.reload();
}

/** What the browser keeps would answer in its place. */
async function takeNewer(): Promise<void> {
  const workers: ServiceWorkerContainer | undefined = navigator.serviceWorker;
  const kept = await workers?.getRegistration();
  if (!workers?.controller || !kept) return;
  const taken = new Promise((resolve) => {
    workers.addEventListener('controllerchange', resolve, { once: true });
    setTimeout(resolve, TAKING_MS);
  });
  await kept.update().catch(() => undefined);
  await taken;
}

/** Whether the page's address answers with a page that starts from another script. */
async function isReplaced(): Promise<boolean> {
  const script = document.querySelector('script[type=module][src]')?.getAttribute('src');
  if (!script) return false;
  try {
    const answer = await fetch(new URL('.', document.baseURI), { cache: 'no-store' });
    return answer.ok && !(await answer.text()).includes(script);
  } catch {
    return false;
  }
}
