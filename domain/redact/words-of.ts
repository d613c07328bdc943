/** The words of a list that is written as a text, in its order, each once. */
export const wordsOf = (text: string): readonly string[] => [
  ...new Set(text.split(/\s+/).filter((word) => word !== '')),
];
