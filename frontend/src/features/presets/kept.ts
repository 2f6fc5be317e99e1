// Pure: lists of a person's own things as they stand in the preferences.
export type Kept = { id: string; name: string };

/** Those under a key of the preferences; what another version or another program wrote there and is none is left out. */
export function keptIn<Item extends Kept>(
  ui: Readonly<Record<string, unknown>>,
  key: string,
  isOne: (value: Record<string, unknown> & Kept) => boolean,
): Item[] {
  const found = ui[key];
  return Array.isArray(found) ? found.filter((value): value is Item => isKept(value) && isOne(value)) : [];
}

function isKept(value: unknown): value is Record<string, unknown> & Kept {
  if (!(value instanceof Object)) return false;
  const { id, name } = value as Partial<Kept>;
  return typeof id === 'string' && typeof name === 'string';
}

/** Two of a kind have two names, however they are spelled. */
export function isTaken(name: string, others: readonly Kept[]): boolean {
  return others.some((other) => other.name.toLowerCase() === name.trim().toLowerCase());
}
