import type { CheckpointState } from '../../schemas/index.js';

/** A training's figures as CSV: step 0, the base model, has a held-out loss alone. */
export function metricsCsv({ steps, evaluations }: CheckpointState): string {
  const heldOut = new Map(evaluations.map((row) => [row.step, row.heldOutLoss]));
  const cell = (value: number | undefined) => (value === undefined ? '' : String(value));
  const rows = [
    `0,,,,,${cell(heldOut.get(0))}`,
    ...steps.map((row) =>
      [
        row.step,
        row.loss,
        row.learningRate,
        row.gradientNorm,
        row.tokens,
        cell(heldOut.get(row.step)),
      ].join(','),
    ),
  ];
  return `step,loss,learning_rate,gradient_norm,counted_tokens,held_out_loss\n${rows.join('\n')}\n`;
}
