// The one consumer of an answer's stream: reads to `done`, and takes a dropped line up again behind the last event.
// Knows addresses only through the `Lines` it is given, and nothing of React.
import { ApiError } from '../../../shared/api/errors';
import { readEvents } from '../../../shared/api/sse';
import { readEvent, type ChatEvent, type NumberedEvent } from './events';
import { troubleOf, UNREADABLE, type Trouble } from './trouble';

/** The server sends a comment at least every 15 s; a line that is silent for so long is dead. */
const SILENT_MS = 40_000;
const BACK_OFF_MS = [300, 1000, 2000, 4000, 8000, 15_000];

export type Lines = {
  /** The first request: it makes the generation. Null when there is one to attach to. */
  open: ((signal: AbortSignal) => Promise<Response>) | null;
  attach: (generationId: string, after: number, signal: AbortSignal) => Promise<Response>;
};

export type Reader = {
  onEvent(event: NumberedEvent): void;
  onLost(): void;
  onBack(): void;
};

/** How the reading came to an end. `refused`: nothing was started. `parted`: it goes on without this reader. */
export type Outcome =
  { type: 'done' } | { type: 'gone' } | { type: 'left' } | { type: 'refused'; trouble: Trouble } | { type: 'parted'; trouble: Trouble };

type Progress = { generationId: string | null; lastId: number; failures: number };
type Reading = { type: 'done' } | { type: 'broken' } | { type: 'parted'; trouble: Trouble };

export async function follow(lines: Lines, generationId: string | null, reader: Reader, signal: AbortSignal): Promise<Outcome> {
  const progress: Progress = { generationId, lastId: 0, failures: 0 };
  for (;;) {
    try {
      const reading = await readOnce(lines, progress, reader, signal);
      if (signal.aborted) return { type: 'left' };
      if (reading.type !== 'broken') return reading;
    } catch (error) {
      if (signal.aborted) return { type: 'left' };
      const outcome = outcomeOf(error, progress);
      if (outcome) return outcome;
    }
    if (progress.generationId === null) return { type: 'refused', trouble: troubleOf(null, Date.now()) };
    reader.onLost();
    await pause(BACK_OFF_MS[Math.min(progress.failures, BACK_OFF_MS.length - 1)] ?? 0, signal);
    if (signal.aborted) return { type: 'left' };
    progress.failures += 1;
  }
}

async function readOnce(lines: Lines, progress: Progress, reader: Reader, signal: AbortSignal): Promise<Reading> {
  const line = new AbortController();
  const leave = () => line.abort();
  signal.addEventListener('abort', leave);
  let alarm = setTimeout(leave, SILENT_MS);
  const onBytes = () => {
    clearTimeout(alarm);
    alarm = setTimeout(leave, SILENT_MS);
  };
  try {
    const response = await connect(lines, progress, line.signal);
    if (!response.body) return { type: 'broken' };
    reader.onBack();
    for await (const { id, event, data } of readEvents(response.body, { signal: line.signal, onBytes })) {
      const numbered = readEvent(id, event, data);
      if (numbered === null) return { type: 'parted', trouble: UNREADABLE };
      const farewell = numbered.id === null ? farewellIn(numbered.event) : null;
      if (farewell) return { type: 'parted', trouble: farewell };
      note(progress, numbered);
      reader.onEvent(numbered);
      if (numbered.event.type === 'done') return { type: 'done' };
    }
    return { type: 'broken' };
  } finally {
    clearTimeout(alarm);
    signal.removeEventListener('abort', leave);
    leave();
  }
}

async function connect(lines: Lines, progress: Progress, signal: AbortSignal): Promise<Response> {
  if (progress.generationId !== null) return lines.attach(progress.generationId, progress.lastId, signal);
  if (lines.open) return openOrJoin(lines.open, lines.attach, progress, signal);
  throw new Error('A stream needs a request that opens it or a generation to attach to');
}

/** The question may have arrived though its answer did not: then the one that runs is read. */
async function openOrJoin(
  open: NonNullable<Lines['open']>,
  attach: Lines['attach'],
  progress: Progress,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await open(signal);
  } catch (error) {
    const running = error instanceof ApiError ? error.generationId : null;
    if (running === null) throw error;
    progress.generationId = running;
    return attach(running, 0, signal);
  }
}

function note(progress: Progress, { id, event }: NumberedEvent): void {
  if (event.type === 'meta') progress.generationId = event.data.generation_id;
  if (id !== null && id > progress.lastId) {
    progress.lastId = id;
    progress.failures = 0;
  }
}

/** Null when the line was merely lost and the answer can be taken up again. */
function outcomeOf(error: unknown, { generationId }: Progress): Outcome | null {
  if (generationId === null) return { type: 'refused', trouble: troubleOf(error, Date.now()) };
  if (!(error instanceof ApiError)) return null;
  if (error.code === 'STREAM_GONE' || error.code === 'GENERATION_NOT_FOUND') return { type: 'gone' };
  return isPassing(error) ? null : { type: 'parted', trouble: troubleOf(error, Date.now()) };
}

/** Worth another try: nobody answered, something else did, or the server has no time just now. */
function isPassing({ code, status }: ApiError): boolean {
  return code === 'BACKEND_AWAY' || code === 'TUNNEL_ANSWERED' || status >= 500 || status === 429 || status === 408;
}

/** What the server says to this reader alone when it lets it go: its session ended, or the conversation was deleted. */
function farewellIn(event: ChatEvent): Trouble | null {
  if (event.type !== 'error') return null;
  const { code, message, request_id } = event.data;
  return { code, message, requestId: request_id, retryAt: null };
}

/** Ends early when there is reason to think that the line is back, or when the reader leaves. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      window.removeEventListener('online', wake);
      document.removeEventListener('visibilitychange', onSight);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const onSight = () => document.hidden || wake();
    const timer = setTimeout(wake, milliseconds * (0.8 + Math.random() * 0.4));
    window.addEventListener('online', wake);
    document.addEventListener('visibilitychange', onSight);
    signal.addEventListener('abort', wake);
  });
}
