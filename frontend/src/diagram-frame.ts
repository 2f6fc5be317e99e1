// Draws diagrams in a frame of its own (diagram.html), which has no origin, no storage and no way out: the library that draws
// writes HTML, and what it draws was written by a model. The page takes nothing from it but an image's text.
type Mermaid = {
  initialize(settings: object): void;
  render(id: string, code: string): Promise<{ svg: string }>;
};
declare const mermaid: Mermaid;

/** What the page asks for; the answer bears the same `id`. */
type Wish = { id: number; code: string; dark: boolean; colours: Record<'paper' | 'panel' | 'ink' | 'muted' | 'line' | 'wash', string> };

window.addEventListener('message', ({ source, data }: MessageEvent<Wish>) => {
  if (source === window.parent) void answer(data);
});

async function answer(wish: Wish): Promise<void> {
  const { id, code } = wish;
  try {
    mermaid.initialize(settingsFor(wish));
    const { svg } = await mermaid.render(`diagram-${id}`, code);
    window.parent.postMessage({ id, svg }, '*');
  } catch (error) {
    window.parent.postMessage({ id, problem: String(error) }, '*');
  }
}

function settingsFor({ dark, colours: { paper, panel, ink, muted, line, wash } }: Wish): object {
  const fontFamily = getComputedStyle(document.body).fontFamily;
  return {
    startOnLoad: false,
    securityLevel: 'strict',
    suppressErrorRendering: true,
    // An image of its own: text as text, not as a page within it.
    htmlLabels: false,
    flowchart: { htmlLabels: false },
    fontFamily,
    theme: 'base',
    themeVariables: {
      darkMode: dark,
      fontFamily,
      background: paper,
      mainBkg: panel,
      primaryColor: panel,
      primaryTextColor: ink,
      primaryBorderColor: muted,
      secondaryColor: wash,
      tertiaryColor: paper,
      lineColor: muted,
      textColor: ink,
      noteBkgColor: wash,
      noteTextColor: ink,
      noteBorderColor: line,
      edgeLabelBackground: paper,
    },
  };
}
