// A box that grows with its text.

const FITS_BY_ITSELF = globalThis.CSS?.supports('field-sizing', 'content') ?? false;

/** The style sheet limits the height; beyond it the box scrolls. Most browsers fit the box to its text by themselves. */
export function fit(box: HTMLTextAreaElement | null): void {
  if (!box || FITS_BY_ITSELF) return;
  box.style.height = 'auto';
  box.style.height = `${box.scrollHeight}px`;
}
