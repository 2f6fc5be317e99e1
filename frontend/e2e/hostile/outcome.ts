// What the page of hostile answers tells of them.

/** `marks`: what stood in the page and must not. `failures`: what broke the drawing of it. */
export type Outcome = { splits: number; hits: number[]; marks: string[]; failures: string[] };

declare global {
  interface Window {
    hit(payload: number): void;
    takeIn(payloads: readonly string[], everySplit: boolean): Promise<Outcome>;
  }
}
