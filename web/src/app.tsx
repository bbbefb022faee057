// From the address and the session to a screen.
import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { paths, placeOf } from './routes.ts';
import { useSession } from './store/session.ts';
import { resume } from './sync/session.ts';
import { TooltipLayer } from './ui/tooltip.tsx';
import { Toasts } from './ui/toasts.tsx';
import { EmptyState, ErrorState, Skeleton } from './ui/states.tsx';
import { Boundary } from './ui/boundary.tsx';
import { Button } from './ui/button.tsx';
import { Shell } from './screens/shell/shell.tsx';
import { Welcome } from './screens/welcome/welcome.tsx';

export function App() {
  return (
    <>
      <Boundary name="This page">
        <Screen />
      </Boundary>
      <Toasts />
      <TooltipLayer />
    </>
  );
}

function Screen() {
  const [location, navigate] = useLocation();
  const place = placeOf(location);
  const status = useSession((s) => s.status);

  const target = status === 'signed_out' && place.screen !== 'welcome' ? welcomeWithReturn(location)
    : status === 'signed_in' && (place.screen === 'home' || (place.screen === 'welcome' && !carriesSomething())) ? returnPath()
    : null;
  useEffect(() => {
    if (target) navigate(target, { replace: true });
  }, [target, navigate]);
  if (target) return null;

  switch (status) {
    case 'unknown':
      // The welcome screen needs no answer to be drawn, and most who open it are not signed in.
      return place.screen === 'welcome' ? <Welcome /> : <main><Skeleton label="Loading your groups" /></main>;
    case 'unreachable':
      return (
        <main style={{ height: '100%' }}>
          <ErrorState full heading="h1" title="The server cannot be reached" text="Your drafts are kept in this browser. Check your connection and try again." onRetry={() => void resume()} />
        </main>
      );
    case 'signed_out':
      return <Welcome />;
    case 'signed_in':
    case 'expired':
      if (place.screen === 'welcome') return <Welcome />;
      if (place.screen === 'nowhere') {
        return (
          <main style={{ height: '100%' }}>
            <EmptyState full heading="h1" title="There is nothing at this address" text="The link may be old, or mistyped.">
              <Button tone="primary" onClick={() => navigate(paths.groups)}>Go to your groups</Button>
            </EmptyState>
          </main>
        );
      }
      return <Shell place={place} />;
  }
}

/** An invitation is worth showing even to those who are in already. */
function carriesSomething(): boolean {
  return new URLSearchParams(window.location.search).has('code');
}

function welcomeWithReturn(from: string): string {
  return from === '/' || from === paths.groups ? paths.welcome : `${paths.welcome}?next=${encodeURIComponent(from)}`;
}

/** Where to go after signing in; only ever a place of this client. */
function returnPath(): string {
  const next = new URLSearchParams(window.location.search).get('next');
  return next && next.startsWith('/') && placeOf(next).screen !== 'nowhere' && placeOf(next).screen !== 'welcome' ? next : paths.groups;
}
