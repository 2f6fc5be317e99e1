// What the frame benchmark gives the page to read: prose, lists, code and tables in the measure of real answers.

const part = (number) => `## Part ${number}

The **${number}th** lamp of the house is lit when a model is ready, dims when it sleeps, and goes dark when the machine is away. It says
so in words as well, see [the manual](https://example.org/lamps/${number}), and \`lamp.state\` holds it for programs.

- It is *never* decoration: every state has a meaning.
- It breathes while an answer is written.
- It costs nothing while nobody looks.

\`\`\`python
class Lamp${number}:
    """A lamp and its state."""

    def __init__(self, state: str = "dim") -> None:
        self.state = state
        self.watchers: list[Callable[[str], None]] = []

    def turn(self, state: str) -> None:
        if state == self.state:
            return  # nothing to tell
        self.state = state
        for watcher in self.watchers:
            watcher(f"lamp ${number} is {state}")
\`\`\`

| state | light | meaning | seconds |
| --- | --- | --- | ---: |
| lit | full | a model is ready | ${number} |
| breathing | slow | it is answering | ${number * 2} |
| dim | low | asleep | ${number * 3} |
| dark | none | away | 0 |
`

export const storedAnswer = (number) => part(number)

/** The double says it back, in 100 or so tokens for each part. */
export const question = (parts) => Array.from({ length: parts }, (_, number) => part(number)).join('\n')
