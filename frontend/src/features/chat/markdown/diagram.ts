// Has diagrams drawn in a frame that can do nothing else (src/diagram-frame.ts), and makes images of what comes back.
const ANSWER_MS = 10_000;
/** The library is heavy, and a tunnel may be slow. */
const LOAD_MS = 30_000;
const MOST_CHARS = 20_000;
const COLOURS = { paper: 'paper', panel: 'panel', ink: 'ink', muted: 'muted', line: 'line', wash: 'lamp-wash' } as const;
const SIZE = /viewBox="\S+ \S+ ([\d.]+) ([\d.]+)"/;

/** `address` is one of an image's: in it nothing runs, and nothing is fetched. */
export type Drawing = { address: string; width: number; height: number };
type Wish = { id: number; code: string; dark: boolean; colours: Record<keyof typeof COLOURS, string> };
type Answer = { id: number; svg?: string; problem?: string };

let frame: Promise<HTMLIFrameElement> | null = null;
let last: Promise<unknown> = Promise.resolve();
let wishes = 0;

/** Rejects where there is no such diagram, nobody wants it any more, or nobody draws it: the development server has no frame. */
export function drawDiagram(code: string, dark: boolean, signal: AbortSignal): Promise<Drawing> {
  // One after the other, so that a frame that one of them spoiled is not another's.
  const drawn = last.then(() => {
    signal.throwIfAborted();
    if (code.length > MOST_CHARS) throw new Error('It would take too long to draw');
    return draw(code, dark);
  });
  last = drawn.catch(() => undefined);
  return drawn;
}

async function draw(code: string, dark: boolean): Promise<Drawing> {
  frame ??= openFrame();
  const drawer = await frame;
  wishes += 1;
  const answer = await ask(drawer, { id: wishes, code, dark, colours: coloursOf(document.documentElement) });
  const [, width, height] = SIZE.exec(answer?.svg ?? '') ?? [];
  if (answer?.svg === undefined || width === undefined || height === undefined) {
    // What could not be drawn, or did not come to an end, may have left anything behind.
    frame = null;
    drawer.remove();
    throw new Error(answer?.problem ?? 'There is no image');
  }
  const address = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(answer.svg)}`;
  return { address, width: Number(width), height: Number(height) };
}

async function openFrame(): Promise<HTMLIFrameElement> {
  const opened = document.createElement('iframe');
  // Scripts, and nothing else that a page may have: no origin, no forms, no windows.
  opened.setAttribute('sandbox', 'allow-scripts');
  opened.className = 'diagram-frame';
  opened.tabIndex = -1;
  opened.ariaHidden = 'true';
  opened.src = new URL('diagram.html', document.baseURI).href;
  document.body.append(opened);
  await new Promise((resolve) => {
    opened.addEventListener('load', resolve, { once: true });
    setTimeout(resolve, LOAD_MS);
  });
  return opened;
}

/** Null when nothing came in time. */
function ask(drawer: HTMLIFrameElement, wish: Wish): Promise<Answer | null> {
  return new Promise((resolve) => {
    const end = (answer: Answer | null): void => {
      clearTimeout(timer);
      window.removeEventListener('message', hear);
      resolve(answer);
    };
    const hear = ({ source, data }: MessageEvent<Answer>): void => {
      if (source === drawer.contentWindow && data.id === wish.id) end(data);
    };
    const timer = setTimeout(() => end(null), ANSWER_MS);
    window.addEventListener('message', hear);
    // It has no origin that could be named.
    drawer.contentWindow?.postMessage(wish, '*');
  });
}

/** The page's own colours in a notation that the library reads. */
function coloursOf(element: Element): Wish['colours'] {
  const style = getComputedStyle(element);
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const hex = (name: string): string => {
    if (canvas === null) return '';
    canvas.fillStyle = style.getPropertyValue(`--color-${name}`);
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  };
  const { paper, panel, ink, muted, line, wash } = COLOURS;
  return { paper: hex(paper), panel: hex(panel), ink: hex(ink), muted: hex(muted), line: hex(line), wash: hex(wash) };
}
