// What a sign-in was made with, read from its user agent. A guess for people, nothing relies on it. Pure.
import type { SettingsWords } from './words/use-words';

const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:HeadlessChrome|Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
];

/** "Firefox on Linux"; the program's own name where it is no browser. */
export function deviceName(t: SettingsWords, userAgent: string): string {
  const program = firstOf(PROGRAMS, userAgent);
  const system = firstOf(SYSTEMS, userAgent);
  if (program !== null) return system === null ? program : t('device.on', { program, system });
  const own = /^[\w .-]{2,40}(?=\/|$)/.exec(userAgent)?.[0];
  return own ?? system ?? t('device.unknown');
}

function firstOf(names: readonly (readonly [RegExp, string])[], userAgent: string): string | null {
  return names.find(([sign]) => sign.test(userAgent))?.[1] ?? null;
}
