// The text of an answer, as it grows or as it stands.
import { createElement, memo } from 'react';

import { useMarkdown } from '../markdown-loader';
import { PlainOnFailure } from './plain-on-failure';

export const TextPart = memo(function TextPart({ text, growing }: { text: string; growing: boolean }) {
  // Loaded once for the whole page, so it is the same component at every render.
  const markdown = useMarkdown();
  return (
    <div className="md">
      {markdown ? (
        <PlainOnFailure text={text}>{createElement(markdown, { text, growing })}</PlainOnFailure>
      ) : (
        <p className="md-plain">{text}</p>
      )}
    </div>
  );
});
