// Hands a file to the browser, which asks or knows where to keep it.
export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken hold of the content by the next turn of its loop.
  setTimeout(() => URL.revokeObjectURL(address));
}
