// Follows which conversations are being answered and which were answered unseen, as long as the frame stands.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';

import { loadActivity, noteRead, noteRunning, saveActivity, type Activity } from './activity';
import { refreshLists, runningQuery } from './queries';

export function useActivity(owner: string, openId: string | null): Activity {
  const queries = useQueryClient();
  const [activity, setActivity] = useState(() => loadActivity(owner));
  const { data: running } = useQuery(runningQuery);
  const noted = noteRead(running ? noteRunning(activity, running, openId) : activity, openId);
  if (noted !== activity) setActivity(noted);
  const runs = activity.running.join(' ');
  useEffect(() => {
    saveActivity(owner, activity);
  }, [owner, activity]);
  // What begins or ends an answer moves up in the list.
  const told = useRef(runs);
  useEffect(() => {
    if (told.current !== runs) void refreshLists(queries);
    told.current = runs;
  }, [queries, runs]);
  return activity;
}
