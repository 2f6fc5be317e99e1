// The colours, types, radii and times of the style sheet, read from it: a new token shows up by itself.
import { useState } from 'react';

import { PageSection } from '../../shared/ui/page-section';

const COLOURS = /^--color-(?!transparent$|current$|\*)/;
const TYPES = ['text-display', 'text-title', 'text-read', 'text-frame', 'text-meta', 'font-mono text-code'] as const;

/** Names of the style sheet's own properties that a pattern fits, in its order. */
function tokensLike(pattern: RegExp): string[] {
  const names = new Set<string>();
  const gather = (rules: CSSRuleList): void => {
    for (const rule of rules) {
      if (rule instanceof CSSStyleRule) for (const name of rule.style) if (pattern.test(name)) names.add(name);
      if ('cssRules' in rule) gather(rule.cssRules as CSSRuleList);
    }
  };
  for (const sheet of document.styleSheets) gather(sheet.cssRules);
  return [...names];
}

export function Colours() {
  const [names] = useState(() => tokensLike(COLOURS));
  return (
    <PageSection heading="Colours">
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {names.map((name) => (
          <li key={name} className="grid gap-1">
            <span className="h-12 rounded-control border border-line" style={{ background: `var(${name})` }} aria-hidden />
            <code className="font-mono text-code">{name.replace('--color-', '')}</code>
          </li>
        ))}
      </ul>
    </PageSection>
  );
}

export function Sizes() {
  return (
    <PageSection heading="Type and form">
      {TYPES.map((type) => (
        <p key={type} className={type}>
          {type}: Quiet hours make good answers. 0123456789
        </p>
      ))}
      <p className="text-read font-strong">font-strong: the one other weight</p>
      <div className="flex flex-wrap gap-4">
        <span className="grid h-16 w-32 place-items-center rounded-control border border-edge">control</span>
        <span className="grid h-16 w-32 place-items-center rounded-panel bg-raised shadow-lift">panel, lift</span>
      </div>
    </PageSection>
  );
}
