// The files of a group, page by page, and once more whenever they may have changed.
import { useEffect, useState } from 'react';
import { api } from '../../api.ts';
import type { Uploads } from '../../shapes.ts';
import { useUploads } from '../../uploads/store.ts';

interface GroupFiles {
  readonly list: Uploads | null;
  readonly failed: boolean;
  readonly retry: () => void;
  readonly more: () => Promise<void>;
}

export function useGroupFiles(group: number): GroupFiles {
  const changes = useUploads((s) => s.changes);
  const [list, setList] = useState<Uploads | null>(null);
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const again = () => setAttempt((count) => count + 1);

  useEffect(() => {
    let mine = true;
    setFailed(false);
    api.uploads(group, null).then((page) => mine && setList(page), () => mine && setFailed(true));
    return () => {
      mine = false;
    };
  }, [group, changes, attempt]);
  useEffect(() => {
    // Nobody tells of what others bring: whoever comes back to the page sees it.
    const onVisible = () => document.visibilityState === 'visible' && again();
    document.addEventListener('visibilitychange', onVisible);
    return () => document.removeEventListener('visibilitychange', onVisible);
  }, []);

  return {
    list, failed, retry: again,
    more: async () => {
      if (!list || list.next === null) return;
      try {
        const page = await api.uploads(group, list.next);
        setList((before) => before && { ...page, uploads: [...before.uploads, ...page.uploads] });
      } catch {
        setFailed(true);
      }
    },
  };
}
