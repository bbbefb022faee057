// Where the browser enters.
import './tokens.css';
import './base.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { toast } from './store/toasts.ts';
import { boot } from './sync/session.ts';

// A part that is loaded later is gone when the server was updated meanwhile. A reload brings the new one; drafts stay.
window.addEventListener('vite:preloadError', () => {
  toast('There is a new version of this page.', { lastsMs: null, action: { label: 'Reload', run: () => location.reload() } });
});

void boot();
createRoot(document.getElementById('root')!).render(<App />);
