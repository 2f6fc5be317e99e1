// KaTeX and the parser of formulas in Markdown, in a chunk of their own. KaTeX makes its elements one by one and parses no HTML.
import 'katex/dist/katex.min.css';
import { render } from 'katex';
import remarkMath from 'remark-math';

export { remarkMath };

/** A formula may neither link nor load nor grow without end. */
const LIMITS = { trust: false, strict: 'ignore', maxExpand: 200, maxSize: 20 } as const;

/** Throws when it is no formula. */
export function drawFormula(element: HTMLElement, formula: string, display: boolean): void {
  render(formula, element, { ...LIMITS, displayMode: display, throwOnError: true });
}
