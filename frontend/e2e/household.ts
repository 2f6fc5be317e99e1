// A household's conversations, as they are brought along in ChatGPT's export: what the pictures show. Knows no page.
import { signInAs } from './people';
import type { Installation } from './installation';

const DAY_SECONDS = 86_400;

const LARGEST = `List every file with its size, sort by size, and keep the first ten:

\`\`\`bash
find . -type f -printf '%s %p\\n' | sort -rn | head
\`\`\`

- **\`find\`** prints the size in bytes and the path of each file.
- **\`sort -rn\`** puts the largest first.

| to see | use |
| --- | --- |
| folders instead of files | \`du -ah . \\| sort -rh \\| head\` |
| only this disk | \`find . -xdev …\` |`;

const TALKS: readonly [title: string, question: string, answer: string][] = [
  [
    'A birthday for Grandma',
    'What could we do for her eightieth?',
    'An afternoon with **old photographs**, and everybody tells one story.',
  ],
  [
    'Why is the sky dark at night?',
    'With so many stars, why is it dark?',
    'Because the universe has an age: light of most stars is still on its way.',
  ],
  ['Tomatoes on the balcony', 'Their leaves curl. Too much water?', 'Mostly too much sun at noon. Shade them, and water in the morning.'],
  ['Latin homework', 'Translate: “Alea iacta est.”', '“The die is cast.” Caesar is said to have said it at the Rubicon.'],
  ['A letter to the landlord', 'The heating has been cold for a week.', 'Dear Mr Brandt, since last Monday the heating has stayed cold …'],
  ['Largest files of a folder', 'How do I find the largest files in a folder?', LARGEST],
];

function exported(now: number): object[] {
  return TALKS.map(([title, question, answer], number) => {
    const at = now / 1000 - (TALKS.length - 1 - number) * DAY_SECONDS;
    const said = (role: string, text: string, later: number): object => ({
      author: { role },
      create_time: at + later,
      content: { content_type: 'text', parts: [text] },
      metadata: { model_slug: 'qwen3-8b' },
    });
    return {
      id: `talk-${number}`,
      title,
      create_time: at,
      update_time: at + 9,
      mapping: {
        root: { id: 'root', message: null, parent: null, children: ['q'] },
        q: { id: 'q', message: said('user', question, 0), parent: 'root', children: ['a'] },
        a: { id: 'a', message: said('assistant', answer, 9), parent: 'q', children: [] },
      },
      current_node: 'a',
    };
  });
}

/** Brings the conversations in through the door of imports, the last one the newest. */
export async function moveIn(omniai: Installation, username: string): Promise<void> {
  const headers = { Authorization: `Bearer ${await signInAs(omniai, username)}` };
  const body = new FormData();
  body.set('file', new Blob([JSON.stringify(exported(Date.now()))], { type: 'application/json' }), 'conversations.json');
  const begun = await fetch(`${omniai.url}/import`, { method: 'POST', headers, body });
  if (!begun.ok) throw new Error(`/import answered ${begun.status}: ${await begun.text()}`);
  const { id } = (await begun.json()) as { id: string };
  for (let state = 'queued'; state !== 'done';) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const answer = await fetch(`${omniai.url}/import/${id}`, { headers });
    ({ state } = (await answer.json()) as { state: string });
    if (state !== 'queued' && state !== 'running' && state !== 'done') throw new Error(`The household did not move in: ${state}`);
  }
}
