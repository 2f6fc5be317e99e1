// Copies plain text, and beside it the look of an element where the browser can take both. Knows no message.

/** What belongs to the page and not to the text, such as the header of a code block. */
const CHROME = '[data-chrome]';

/** Rejects when the browser does not let the page copy. */
export async function copyText(text: string, rich?: HTMLElement | null): Promise<void> {
  if (!('clipboard' in navigator)) return copyBySelection(text);
  if (rich && typeof ClipboardItem !== 'undefined') {
    const types = { 'text/plain': blob(text, 'text/plain'), 'text/html': blob(htmlOf(rich), 'text/html') };
    return navigator.clipboard.write([new ClipboardItem(types)]).catch(() => navigator.clipboard.writeText(text));
  }
  return navigator.clipboard.writeText(text);
}

function blob(content: string, type: string): Blob {
  return new Blob([content], { type });
}

function htmlOf(element: HTMLElement): string {
  const copy = document.importNode(element, true);
  for (const part of copy.querySelectorAll(CHROME)) part.remove();
  for (const part of copy.querySelectorAll('[class]')) part.removeAttribute('class');
  return copy.innerHTML;
}

/** Pages on plain http have no clipboard; the older way still works there. */
function copyBySelection(text: string): void {
  const box = document.createElement('textarea');
  box.value = text;
  box.className = 'sr-only';
  const focused = document.activeElement;
  document.body.append(box);
  box.select();
  const copied = document.execCommand('copy');
  box.remove();
  if (focused instanceof HTMLElement) focused.focus();
  if (!copied) throw new Error('The browser did not copy');
}
