// Starts the page: learns where the backend is, then hands over to the gate.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import './styles/page.css';
import { ConfigPage } from './app/config-page';
import { ErrorBoundary } from './app/error-boundary';
import { Gate } from './app/gate';
import { watchForNewerBuild } from './app/newer-build';
import { loadRuntimeConfig, RuntimeConfigError } from './shared/config/runtime';
import { startLanguage } from './shared/i18n/language';

async function start(place: HTMLElement): Promise<void> {
  const root = createRoot(place);
  if (import.meta.env.DEV && window.location.hash === '#/gallery') {
    const { Gallery } = await import('./app/gallery/gallery');
    root.render(<Gallery />);
    return;
  }
  try {
    const words = startLanguage({ es: async () => (await import('./app/words/spanish')).spanish });
    const [{ apiBaseUrl }] = await Promise.all([loadRuntimeConfig(new URL(window.location.href)), words]);
    root.render(
      <StrictMode>
        <ErrorBoundary>
          <Gate apiBaseUrl={apiBaseUrl} />
        </ErrorBoundary>
      </StrictMode>,
    );
  } catch (error) {
    if (!(error instanceof RuntimeConfigError)) throw error;
    root.render(<ConfigPage problem={error.message} />);
  }
}

watchForNewerBuild();

const place = document.getElementById('root');
if (place) void start(place);
