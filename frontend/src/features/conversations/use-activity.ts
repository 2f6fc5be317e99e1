// Follows which conversations are being answered and which were answered unseen, as long as the frame stands.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';

import { loadActivity, noteRead, noteRunning, saveActivity, type Activity } from './activity';
import { refreshLists, runningQuery } from './queries';

/** `answeringId`: the conversation whose answer the page itself reads. */
export function useActivity(owner: string, openId: string | null, answeringId: string | null): Activity {
  const queries = useQueryClient();
  const [activity, setActivity] = useState(() => loadActivity(owner));
  const { data: elsewhere } = useQuery(runningQuery);
  const running = useMemo(
    () => elsewhere && [...new Set([...elsewhere, ...(answeringId === null ? [] : [answeringId])])],
    [elsewhere, answeringId],
  );
  const noted = noteRead(running ? noteRunning(activity, running, openId) : activity, openId);
  if (noted !== activity) setActivity(noted);
  useEffect(() => {
    saveActivity(owner, activity);
  }, [owner, activity]);
  // What happened while the person looked elsewhere is asked for when they are back, and not meanwhile.
  useEffect(() => {
    const onSeen = (): void => {
      if (!document.hidden) void refreshLists(queries);
    };
    document.addEventListener('visibilitychange', onSeen);
    return () => document.removeEventListener('visibilitychange', onSeen);
  }, [queries]);
  return activity;
}
