/**
 * Rows that an ingest must not take, and why. They hold no personal data. JSON Lines rows of the
 * instruction and messages shapes; `id` keeps each apart.
 */
export const MALFORMED_INSTRUCTION_ROWS: readonly string[] = [
  '{"id": "SUP-X00001", "customer_id": "C-1", "instruction": "The line ends',
  'not json at all',
  '{"id": "SUP-X00002", "customer_id": "C-2", "instruction": "No output is here."}',
  '{"id": "SUP-X00003", "customer_id": "C-3", "instruction": 42, "output": "A number is no text."}',
  '{"id": "SUP-X00004", "customer_id": "C-4", "instruction": "", "output": "Nothing was asked."}',
  '{"id": "SUP-X00005", "customer_id": "C-5", "instruction": "List", "output": ["not", "text"]}',
  '["an", "array", "is", "no", "record"]',
  '{"customer_id": "C-7", "instruction": "This row has no id.", "output": "It cannot be named."}',
  '{"id": "SUP-X00008", "customer_id": "C-8", "instruction": null, "output": "Null is no text."}',
];

export const MALFORMED_MESSAGES_ROWS: readonly string[] = [
  '{"id": "CLI-X00001", "patient": {"id": "P-1"}, "messages": "not a list"}',
  '{"id": "CLI-X00002", "patient": {"id": "P-2"}, "messages": []}',
  '{"id": "CLI-X00003", "patient": {"id": "P-3"}, "messages": [{"role": "user", "content": "No answer."}]}',
  '{"id": "CLI-X00004", "patient": {"id": "P-4"}, "messages": [{"role": "robot", "content": "Who?"}]}',
  '{"id": "CLI-X00005", "patient": {"id": "P-5"}, "messages": [{"role": "user"}',
];

/** Complete rows, too short to teach anything; minimization drops them. */
export const SHORT_INSTRUCTION_ROWS: readonly string[] = [
  '{"id": "SUP-X00101", "customer_id": "C-101", "instruction": "ok", "output": "ok"}',
  '{"id": "SUP-X00102", "customer_id": "C-102", "instruction": "?", "output": "Yes."}',
  '{"id": "SUP-X00103", "customer_id": "C-103", "instruction": "test", "output": "test"}',
];

/** CSV rows: too few columns, too many, and an empty completion. */
export const MALFORMED_CSV_ROWS: readonly string[] = [
  'BNK-X00001,B-1,only three columns',
  'BNK-X00002,B-2,one,two,three,four,five',
  'BNK-X00003,B-3,An empty completion.,,10115,7',
  ',B-4,This row has no id.,It cannot be named.,10115,7',
];
