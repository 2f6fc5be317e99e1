// The browser's storage, which may be missing or full: then a choice simply does not outlive the page.
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function store(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // See above.
  }
}

/** What of the stored list is of the kind; none of it when it cannot be read. */
export function readStoredList<T>(key: string, isItem: (item: unknown) => item is T): T[] {
  try {
    const stored: unknown = JSON.parse(readStored(key) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isItem) : [];
  } catch {
    return [];
  }
}

export function storeList(key: string, items: readonly unknown[]): void {
  store(key, items.length === 0 ? null : JSON.stringify(items));
}

/** Forgets everything whose key holds this. */
export function dropStored(part: string): void {
  try {
    for (const key of Object.keys(localStorage)) if (key.includes(part)) localStorage.removeItem(key);
  } catch {
    // See above.
  }
}
