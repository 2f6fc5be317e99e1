// What is said when the backend is away, and how patiently it is asked again. Pure but for the device's own state.
export const AWAY_WAITS_SECONDS = [1, 2, 4, 8, 15, 30] as const;

export type AwayWords = { heading: string; advice: string };

export function awayWords(code: string, message: string): AwayWords {
  if (!navigator.onLine) return { heading: 'This device is offline', advice: 'It has no network at the moment.' };
  if (code === 'BACKEND_AWAY')
    return { heading: 'OmniAI is away', advice: 'The machine at home did not answer. It may be off, asleep or without network.' };
  if (code === 'TUNNEL_ANSWERED') {
    return {
      heading: 'OmniAI is away',
      advice: 'Something on the way answered in its place: the tunnel to the machine at home may be closed.',
    };
  }
  return { heading: 'OmniAI cannot be opened', advice: message };
}
