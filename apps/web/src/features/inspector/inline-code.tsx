import { Code } from '@mantine/core';

/** A sentence in which words between backticks are set as code. */
export function InlineCode({ text }: { text: string }) {
  // Split at pairs of backticks: every second part stood between two. A part has no name of its own.
  return text.split(/`([^`]+)`/).map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: see above
      <Code key={index}>{part}</Code>
    ) : (
      part
    ),
  );
}
